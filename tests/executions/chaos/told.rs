//! What a program tells of its work, line by line: each thing before it begins, and again once it is acknowledged.

use std::{
    collections::{HashMap, HashSet},
    fmt::Write as _,
};

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};
use taipan::{
    catalog::FileRecord,
    identifiers::{FileId, UserId},
};

use super::work::RESETTING;

/// What begins a line of the program's; the test harness writes others.
pub(super) const SAYS: &str = "chaos:";

/// A file and its owner.
pub(super) type Key = (UserId, FileId);

/// All that the programs on one folder have told so far.
#[derive(Default)]
pub(super) struct Told {
    /// Owner and content of what was to be saved.
    pub(super) begun: HashSet<(UserId, String)>,
    /// What was acknowledged: the content's hash, and when the file ends.
    pub(super) saved: HashMap<Key, (String, Option<DateTime<Utc>>)>,
    /// What may be gone.
    pub(super) deleting: HashSet<Key>,
    /// What must be gone.
    pub(super) deleted: HashSet<Key>,
    /// What could not be done, each in a sentence.
    pub(super) failures: Vec<String>,
    /// How far ahead the programs' clock was at most.
    pub(super) ahead: TimeDelta,
    pub(super) is_done: bool,
}

impl Told {
    pub(super) fn take_in(&mut self, line: &str) {
        let (what, rest) = line.split_once(' ').unwrap_or((line, ""));
        let words: Vec<_> = rest.split(' ').collect();
        let key = || (words[0].parse::<UserId>().unwrap(), words[1].parse::<FileId>().unwrap());
        match what {
            "saving" => drop(self.begun.insert((words[0].parse().unwrap(), words[1].to_owned()))),
            "saved" => self.saved(&key(), words[2], words[3]),
            "deleting" => drop(self.deleting.insert(key())),
            "deleted" => drop(self.deleted.insert(key())),
            // It could not be removed, and is still there.
            "kept" => drop(self.deleting.remove(&key())),
            "clock" => self.ahead = self.ahead.max(TimeDelta::seconds(rest.parse().unwrap())),
            "failed" => self.failures.push(rest.to_owned()),
            "done" => self.is_done = true,
            _ => panic!("{line}"),
        }
    }

    /// No two files have one id, also when the clock goes back (S4).
    fn saved(&mut self, key: &Key, sha256: &str, end: &str) {
        let end = end.parse().ok().and_then(DateTime::from_timestamp_millis);
        let before = self.saved.insert(key.clone(), (sha256.to_owned(), end));
        if let Some((before, _)) = before.filter(|_| !self.deleting.contains(key)) {
            assert_eq!(before, sha256, "{key:?} was given to two files");
        }
    }

    /// Whether a file may be gone by now.
    pub(super) fn may_be_gone(&self, key: &Key, end: Option<DateTime<Utc>>) -> bool {
        let latest = Utc::now() + self.ahead;
        key.0 == RESETTING || self.deleting.contains(key) || end.is_some_and(|end| end <= latest)
    }

    /// Begins anew with what is there.
    pub(super) fn settle(&mut self, there: &[FileRecord]) {
        let known = |record: &FileRecord| {
            ((record.user_id, record.file_id.clone()), (record.sha256.clone(), record.expires_at))
        };
        *self = Self {
            saved: there.iter().map(known).collect(),
            begun: std::mem::take(&mut self.begun),
            ..Self::default()
        };
    }
}

pub(super) fn sha256(content: &[u8]) -> String {
    Sha256::digest(content).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}
