//! What a worker and its sandbox say to each other.

use std::{collections::BTreeMap, fmt, marker::PhantomData, path::PathBuf};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error as _, SeqAccess, Visitor},
};

use super::super::{super::python::CodeEnd, protections::LayerReport};
use crate::interpreter::{Display, FailedPackage};

/// The longest message of a sandbox, in bytes: a displayed value of 10 MB fits.
pub(crate) const LONGEST_FROM_GUEST: usize = 16 * 1024 * 1024;
/// The longest message to a sandbox: code and standard input.
pub(crate) const LONGEST_TO_GUEST: usize = 1024 * 1024 * 1024;

/// The longest list in a message of a sandbox: an empty text takes one byte there and 24 here.
const MOST_IN_A_LIST: usize = 1000;

/// What a sandbox is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum ToGuest {
    /// Run this.
    Run(Order),
    /// An installation that was asked for has ended: the imports that stay missing.
    Installed(BTreeMap<String, FailedPackage>),
}

/// Code to run, with what it is given.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    /// The source text.
    pub(crate) code: String,
    /// What the source is called in tracebacks.
    pub(crate) file_name: String,
    /// What follows the script's name in `sys.argv`.
    pub(crate) args: Vec<String>,
    /// What `input()` reads.
    pub(crate) stdin: Option<String>,
    /// The files the code may open, oldest first.
    pub(crate) inputs: Vec<OrderedInput>,
    /// Whether the code's variables are for a next run.
    pub(crate) is_kept: bool,
    /// Whether the code only asks its session something.
    pub(crate) is_aside: bool,
}

/// A file the code may open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OrderedInput {
    /// The id code asks for.
    pub(crate) id: String,
    /// Its cleaned name.
    pub(crate) name: String,
    /// Where the code finds it, below `/mnt/data`.
    pub(crate) path: PathBuf,
    /// Where its bytes are, below `/mnt/in`.
    pub(crate) original: PathBuf,
}

/// What a sandbox says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum FromGuest {
    /// Its folder is there; a handle on it comes along. The first message, before any code can run.
    Prepared,
    /// The kernel will ask whether it may connect; where, comes along. The second message, with the network on.
    Asks,
    /// It is locked and waits for code. The last message before it does.
    Ready(#[serde(deserialize_with = "few")] Vec<LayerReport>),
    /// Code wrote something. Writer 0 is the main thread.
    Wrote {
        /// 1 is standard output, 2 standard error.
        stream: u8,
        /// The number of the thread.
        writer: u64,
        /// What it wrote.
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
    },
    /// A thread has ended, and what it has begun is to be shown.
    Flush {
        /// The number of the thread.
        writer: u64,
    },
    /// The code showed a value.
    Display(Display),
    /// A sentence for the user.
    Note(String),
    /// Packages behind these imports are missing; it waits.
    Install(#[serde(deserialize_with = "few")] Vec<String>),
    /// The code has ended.
    Ended(CodeEnd),
}

/// Reads a list that is not longer than any has to be.
fn few<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    struct Few<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Few<T> {
        type Value = Vec<T>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(formatter, "at most {MOST_IN_A_LIST} things")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Vec<T>, A::Error> {
            let mut list = Vec::new();
            while let Some(next) = sequence.next_element()? {
                if list.len() == MOST_IN_A_LIST {
                    return Err(A::Error::invalid_length(list.len() + 1, &self));
                }
                list.push(next);
            }
            Ok(list)
        }
    }

    deserializer.deserialize_seq(Few(PhantomData))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interpreter::sandbox::wire::frames::{Decoder, FrameError, encode};

    #[test]
    fn a_list_that_would_fill_the_memory_is_refused() {
        let read = |message| {
            let mut decoder = Decoder::new(LONGEST_FROM_GUEST);
            decoder.feed(&encode(&message).unwrap());
            decoder.next::<FromGuest>()
        };
        assert!(read(FromGuest::Install(vec![String::new(); MOST_IN_A_LIST])).is_ok());
        let long = read(FromGuest::Install(vec![String::new(); MOST_IN_A_LIST + 1]));
        assert_eq!(long.unwrap_err(), FrameError::Unreadable);
    }
}
