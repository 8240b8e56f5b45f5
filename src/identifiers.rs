//! What users, files, messages and chats are called. An id is checked once, where it comes in; whoever holds one need
//! not look at it again.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The longest id of a message or chat, in characters (H2).
pub const LONGEST_GIVEN: usize = 128;
/// The longest id of a file, in characters: `code_gen_`, a message's id, `_` and 16 digits (H7) are the longest made.
pub const LONGEST_FILE: usize = 160;

/// A text that is no id.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("An id of a {what} {allowed}.")]
pub struct NotAnId {
    what: &'static str,
    allowed: &'static str,
}

/// A person, by the number of his Discord account or of his key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserId(pub i64);

/// Whoever sits at this machine; no account of Discord has this number.
pub const LOCAL_USER: UserId = UserId(0);

impl fmt::Display for UserId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl FromStr for UserId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let is_written_so = |number: &i64| number.to_string() == text;
        let number = text.parse().ok().filter(is_written_so);
        number.map(Self).ok_or(NotAnId { what: "user", allowed: "is a whole number of at most 64 bits" })
    }
}

/// An id that is a short word without anything a path or a log could stumble over.
macro_rules! word {
    ($(#[$doc:meta])* $name:ident, $what:literal, $longest:expr, $allowed:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
                let is_one = (1..=$longest).contains(&text.len()) && text.bytes().all(is_allowed);
                is_one.then(|| Self(text.to_owned())).ok_or(NotAnId { what: $what, allowed: $allowed })
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;

            fn try_from(text: String) -> Result<Self, NotAnId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

word!(
    /// A stored file (S4, H7). Who owns it is the catalog's to say, whatever number stands in it.
    FileId,
    "file",
    LONGEST_FILE,
    "has 1 to 160 letters, digits, `_` and `-`"
);
impl FileId {
    /// The id of a file that was saved at this second (S4): `{user}_{seconds}_{8 hex digits}`.
    ///
    /// ```
    /// use taipan::identifiers::{FileId, UserId};
    ///
    /// assert_eq!(FileId::saved_at(UserId(7), 1_767_225_600, 0xbeef).as_str(), "7_1767225600_0000beef");
    /// ```
    #[must_use]
    pub fn saved_at(user: UserId, seconds: i64, digits: u32) -> Self {
        Self(format!("{user}_{seconds}_{digits:08x}"))
    }

    /// The id of a file that a run of this message generated (H7): `code_gen_{message}_{16 hex digits}`.
    ///
    /// ```
    /// use taipan::identifiers::FileId;
    ///
    /// let message = "42".parse()?;
    /// assert_eq!(FileId::generated_by(&message, 0xbeef).as_str(), "code_gen_42_000000000000beef");
    /// # Ok::<(), taipan::identifiers::NotAnId>(())
    /// ```
    #[must_use]
    pub fn generated_by(message: &MessageId, digits: u64) -> Self {
        Self(format!("code_gen_{message}_{digits:016x}"))
    }
}

word!(
    /// A message whose runs have a workspace of their own (H2).
    MessageId,
    "message",
    LONGEST_GIVEN,
    "has 1 to 128 letters, digits, `_` and `-`"
);
word!(
    /// A chat, to which messages belong (H4).
    ChatId,
    "chat",
    LONGEST_GIVEN,
    "has 1 to 128 letters, digits, `_` and `-`"
);

#[cfg(test)]
mod tests {
    use super::*;

    /// H2
    #[test]
    fn a_message_is_called_by_1_to_128_letters_digits_and_dashes() {
        for word in ["a", "A-z_0", &"x".repeat(128)] {
            assert_eq!(word.parse::<MessageId>().unwrap().as_str(), word);
        }
        for wrong in ["", "a b", "../x", "a/b", "ä", "a\0", "a.b", &"x".repeat(129)] {
            assert_eq!(
                wrong.parse::<MessageId>().unwrap_err().to_string(),
                "An id of a message has 1 to 128 letters, digits, `_` and `-`.",
                "{wrong:?}"
            );
        }
    }

    /// S6
    #[test]
    fn a_user_is_a_number_written_in_one_way() {
        for (text, number) in [("7", 7), ("0", 0), ("-5", -5), ("9223372036854775807", i64::MAX)] {
            assert_eq!(text.parse(), Ok(UserId(number)));
        }
        for wrong in ["", "+7", "07", " 7", "9223372036854775808", "seven", "7.0"] {
            assert!(wrong.parse::<UserId>().is_err(), "{wrong:?}");
        }
    }

    /// S4
    #[test]
    fn an_id_that_comes_from_outside_is_checked_like_any_other() {
        let id = FileId::try_from("7_1700000000_deadbeef".to_owned()).unwrap();
        assert_eq!(String::from(id), "7_1700000000_deadbeef");
        let wrong = FileId::try_from("../../etc/passwd".to_owned()).unwrap_err();
        assert_eq!(wrong.to_string(), "An id of a file has 1 to 160 letters, digits, `_` and `-`.");
    }
}
