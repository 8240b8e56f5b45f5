//! Counting tokens of text.

use std::{fmt, ops::Add};

use tiktoken_rs::{
    CoreBPE, cl100k_base_singleton, o200k_base_singleton,
    tokenizer::{Tokenizer, get_tokenizer},
};

use super::models::bare;

/// How much text is split into tokens at once, in bytes. The tokenizer's expression gives up (and panics) on very long
/// runs of white space; between two pieces a count may be off by one.
const PIECE: usize = 16 * 1024;
/// How much of a text is counted, in bytes; the rest is estimated from its length.
const COUNTED: usize = 1024 * 1024;
/// What a token is at least, on average, in bytes: an estimate should rather be too high.
const BYTES_PER_TOKEN: usize = 3;

/// A number of tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// How many.
    pub tokens: u64,
    /// Whether the endpoint may count otherwise.
    pub is_estimate: bool,
}

impl Count {
    /// A number that the endpoint will find too.
    #[must_use]
    pub fn exact(tokens: u64) -> Self {
        Self { tokens, is_estimate: false }
    }

    /// A number that is about right.
    #[must_use]
    pub fn estimate(tokens: u64) -> Self {
        Self { tokens, is_estimate: true }
    }
}

impl Add for Count {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let tokens = self.tokens.saturating_add(other.tokens);
        Self { tokens, is_estimate: self.is_estimate || other.is_estimate }
    }
}

/// Reads the vocabularies, which takes some tenths of a second, on a thread that may block. To be awaited once, when
/// the program starts; otherwise the first count does it.
pub async fn load_vocabularies() {
    let loading = tokio::task::spawn_blocking(|| {
        o200k_base_singleton();
        cl100k_base_singleton();
    });
    if let Err(error) = loading.await {
        tracing::warn!(%error, "the vocabularies of the token counter could not be read ahead");
    }
}

/// Counts tokens as one model does.
///
/// A megabyte takes a tenth of a second: count long texts where blocking is allowed.
#[derive(Clone, Copy)]
pub struct TokenCounter {
    vocabulary: &'static CoreBPE,
    is_estimate: bool,
}

impl TokenCounter {
    /// A counter for a model, by the name that the endpoint or its provider gives it. Models that are not known are
    /// counted with the newest public vocabulary, as an estimate.
    #[must_use]
    pub fn of(model: &str) -> Self {
        match get_tokenizer(bare(model)) {
            Some(Tokenizer::O200kBase | Tokenizer::O200kHarmony) => {
                Self { vocabulary: o200k_base_singleton(), is_estimate: false }
            }
            Some(Tokenizer::Cl100kBase) => Self { vocabulary: cl100k_base_singleton(), is_estimate: false },
            _ => Self { vocabulary: o200k_base_singleton(), is_estimate: true },
        }
    }

    /// The tokens of a text. What looks like a special token counts as the text it is.
    #[must_use]
    pub fn count(&self, text: &str) -> Count {
        let (counted, rest) = text.split_at(text.floor_char_boundary(COUNTED));
        let tokens: usize = pieces(counted).map(|piece| self.vocabulary.encode_ordinary(piece).len()).sum();
        let tokens = tokens + rest.len().div_ceil(BYTES_PER_TOKEN);
        Count { tokens: tokens as u64, is_estimate: self.is_estimate || text.len() > PIECE }
    }

    /// Whether all its counts are estimates, since the model's vocabulary is not known.
    #[must_use]
    pub fn is_estimate(&self) -> bool {
        self.is_estimate
    }
}

impl fmt::Debug for TokenCounter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TokenCounter").field("is_estimate", &self.is_estimate).finish_non_exhaustive()
    }
}

/// A text in pieces that end with a line where they can.
fn pieces(mut text: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let longest = text.floor_char_boundary(PIECE);
        let is_last = longest == text.len();
        let line = text[..longest].rfind('\n').map(|end| end + 1).filter(|_| !is_last);
        let (piece, rest) = text.split_at(line.unwrap_or(longest));
        text = rest;
        (!piece.is_empty()).then_some(piece)
    })
}
