//! What a person sends.

use chrono::{DateTime, Utc};

use super::super::{Refusal, model::Image};
use crate::identifiers::FileId;

/// The longest message, in bytes; longer texts are for files.
pub const LONGEST_MESSAGE: usize = 100_000;
/// How many pictures of a message the model is shown.
pub const MOST_IMAGES: usize = 10;
/// How much of the messages that one answers to is told, in bytes; the newest count most.
const LONGEST_QUOTES: usize = 8_000;

/// A message of a person, with what belongs to it.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct UserMessage {
    /// What he wrote.
    pub text: String,
    /// Pictures for the model to look at; those beyond [`MOST_IMAGES`] are left out.
    pub images: Vec<GivenImage>,
    /// Which of his files came with the message. Files that are not his are left out.
    pub attached: Vec<FileId>,
    /// The messages that this one answers to, oldest first.
    pub replied_to: Vec<Quoted>,
    /// Whether code runs in the user's session (X13).
    pub in_session: bool,
}

/// A picture that came with a message.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenImage {
    /// The picture.
    pub image: Image,
    /// When its link ends; `None` is never. Afterwards the model is not shown it.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A message that another one answers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// Who wrote it, as people see it.
    pub author: String,
    /// What was written.
    pub text: String,
}

impl UserMessage {
    /// A message of words.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Shows a picture.
    #[must_use]
    pub fn image(mut self, image: Image, expires_at: Option<DateTime<Utc>>) -> Self {
        self.images.push(GivenImage { image, expires_at });
        self
    }

    /// Says which files came with it.
    #[must_use]
    pub fn attached(mut self, files: impl IntoIterator<Item = FileId>) -> Self {
        self.attached.extend(files);
        self
    }

    /// Says what it answers to.
    #[must_use]
    pub fn in_reply_to(mut self, quoted: impl IntoIterator<Item = Quoted>) -> Self {
        self.replied_to.extend(quoted);
        self
    }

    /// Runs code in the user's session.
    #[must_use]
    pub fn in_session(mut self) -> Self {
        self.in_session = true;
        self
    }

    /// Why it is not answered.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        let is_empty = self.text.trim().is_empty() && self.images.is_empty() && self.attached.is_empty();
        match self.text.len() {
            _ if is_empty => Err(Refusal::Empty),
            ..=LONGEST_MESSAGE => Ok(()),
            _ => Err(Refusal::TooLong { most: LONGEST_MESSAGE }),
        }
    }

    /// Its words with those it answers to before them, each line of these marked.
    pub(super) fn words(&self) -> String {
        let (mut left, mut quotes) = (LONGEST_QUOTES, Vec::new());
        for quoted in self.replied_to.iter().rev() {
            let text = format!("{}: {}", quoted.author, quoted.text);
            let shown = &text[..text.floor_char_boundary(left)];
            if shown.is_empty() {
                break;
            }
            left -= shown.len();
            quotes.push(format!("> {}\n", shown.lines().collect::<Vec<_>>().join("\n> ")));
        }
        if quotes.is_empty() {
            return self.text.clone();
        }
        quotes.reverse();
        format!("In reply to:\n{}\n{}", quotes.join(">\n"), self.text)
    }
}
