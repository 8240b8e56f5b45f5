//! What Discord sends back when something is pressed: what to do, whose it is, and with what. At most 100 characters.

use sha2::{Digest as _, Sha256};

use crate::{catalog::FileRecord, identifiers::FileId};

/// Ids of another form are another version's.
const VERSION: &str = "t1";
/// The longest id of a file that is sent as it is, in characters. Discord's own are shorter.
const LONGEST_FILE: usize = 60;
/// What stands before the digits of a longer one.
const DIGITS: char = '~';

macro_rules! actions {
    ($($name:ident = $text:literal, $doc:literal;)*) => {
        /// What can be pressed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(in crate::discord) enum Action {
            $(#[doc = $doc] $name,)*
        }

        impl Action {
            fn text(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            fn of(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

actions! {
    Stop = "stop", "Stops a run or an answer.";
    RunAgain = "again", "Runs code once more.";
    ShowCode = "code", "Shows the code of an output.";
    FullOutput = "output", "Shows all that was printed.";
    DeleteOutput = "remove", "Takes an output away.";
    ChooseBlock = "block", "Chooses which block of code is run.";
    RunForm = "form", "Sends code to run.";
    FilePage = "page", "Turns a page of the list of files.";
    FileChosen = "file", "Chooses a file.";
    DownloadFile = "get", "Downloads a file.";
    DeleteFile = "rm", "Asks to delete a file.";
    DeleteFileSure = "rm2", "Confirms that a file is to be deleted.";
    DeleteFileDone = "rm3", "Confirms it a second time.";
    KeepFile = "keep", "Takes it back.";
}

impl Action {
    /// Whether admins may do this to what is another's.
    pub(super) fn is_for_admins(self) -> bool {
        matches!(self, Self::Stop | Self::DeleteOutput)
    }
}

/// What was pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::discord) struct Pressed {
    pub(in crate::discord) action: Action,
    /// Whose it is.
    pub(in crate::discord) owner: u64,
    /// With what.
    pub(in crate::discord) argument: String,
}

/// What Discord sends back when this is pressed.
pub(in crate::discord) fn id(action: Action, owner: u64, argument: &str) -> String {
    format!("{VERSION}:{}:{owner}:{argument}", action.text())
}

impl Pressed {
    /// What was sent back; `None` for what the bot has not made so.
    pub(in crate::discord) fn read(custom_id: &str) -> Option<Self> {
        let mut parts = custom_id.splitn(4, ':');
        let is_known = parts.next()? == VERSION;
        let (action, owner, argument) = (parts.next()?, parts.next()?, parts.next()?);
        let pressed = Self { action: Action::of(action)?, owner: owner.parse().ok()?, argument: argument.to_owned() };
        is_known.then_some(pressed)
    }
}

/// A file as it can be sent back: its id, or digits where that is too long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::discord) struct FileKey(String);

impl FileKey {
    pub(in crate::discord) fn of(file: &FileId) -> Self {
        let id = file.as_str();
        if id.len() <= LONGEST_FILE {
            return Self(id.to_owned());
        }
        let digest = Sha256::digest(id);
        Self(digest.iter().take(12).fold(DIGITS.to_string(), |key, byte| format!("{key}{byte:02x}")))
    }

    pub(in crate::discord) fn sent(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub(in crate::discord) fn as_str(&self) -> &str {
        &self.0
    }

    /// The file that is meant, among a user's files.
    pub(in crate::discord) fn find<'r>(&self, records: &'r [FileRecord]) -> Option<&'r FileRecord> {
        records.iter().find(|record| Self::of(&record.file_id) == *self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 6, part 1
    #[test]
    fn what_is_pressed_says_what_to_do_and_whose_it_is() {
        let custom_id = id(Action::DeleteFile, u64::MAX, "7_1767225600_deadbeef");
        assert_eq!(custom_id, "t1:rm:18446744073709551615:7_1767225600_deadbeef");
        let argument = "7_1767225600_deadbeef".to_owned();
        assert_eq!(Pressed::read(&custom_id), Some(Pressed { action: Action::DeleteFile, owner: u64::MAX, argument }));
    }

    /// Issue 6, bad input
    #[test]
    fn what_the_bot_has_not_made_is_unknown() {
        for unknown in ["", "t1", "t1:rm:7", "t0:rm:7:x", "t1:nothing:7:x", "t1:rm:me:x", "t1:rm:-7:x", ":::"] {
            assert_eq!(Pressed::read(unknown), None, "{unknown}");
        }
    }

    /// Issue 6, part 1; S4
    #[test]
    fn no_id_is_longer_than_discord_takes() {
        let long: FileId = format!("code_gen_{}_0123456789abcdef", "m".repeat(128)).parse().unwrap();
        let key = FileKey::of(&long);
        assert!(key.as_str().starts_with(DIGITS));
        assert!(id(Action::DeleteFileDone, u64::MAX, &format!("{}:{}", i64::MAX, key.as_str())).len() <= 100);
        let longest = "x".repeat(LONGEST_FILE).parse().unwrap();
        assert!(id(Action::FilePage, u64::MAX, FileKey::of(&longest).as_str()).len() <= 100);
        let with_time = format!("{}:{}", 10_000_000_000_u64, FileKey::of(&longest).as_str());
        assert!(id(Action::DeleteFileDone, u64::MAX, &with_time).len() <= 100);
    }
}
