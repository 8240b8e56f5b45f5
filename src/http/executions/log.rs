//! What has happened in a run so far, for those who follow it and for those who come back.

use std::{collections::VecDeque, sync::Arc};

/// How many events of a run are kept.
const MOST_EVENTS: usize = 20_000;
/// How many bytes the events of a run have together: more than a run's output and displays may have.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// An event as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Counts from 1.
    pub(super) id: u64,
    /// What sort of event it is.
    pub(super) name: &'static str,
    /// A JSON document.
    pub(super) document: Arc<str>,
}

/// The latest events of a run.
#[derive(Debug, Default)]
pub(super) struct EventLog {
    entries: VecDeque<Entry>,
    bytes: usize,
    last: u64,
    is_ended: bool,
}

/// What a reader has not had yet.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Unread {
    /// How many events were dropped before he came to them.
    pub(super) missed: u64,
    /// The events, in order.
    pub(super) entries: Vec<Entry>,
    /// Whether nothing comes after them.
    pub(super) is_all: bool,
}

impl EventLog {
    /// Adds an event. The oldest are dropped where there are too many.
    pub(super) fn add(&mut self, name: &'static str, document: String) {
        self.last += 1;
        self.bytes += document.len();
        self.entries.push_back(Entry { id: self.last, name, document: document.into() });
        // The last one stays, however large: it may be the outcome.
        while self.entries.len() > 1 && (self.entries.len() > MOST_EVENTS || self.bytes > MOST_BYTES) {
            if let Some(oldest) = self.entries.pop_front() {
                self.bytes -= oldest.document.len();
            }
        }
    }

    /// Nothing comes any more.
    pub(super) fn end(&mut self) {
        self.is_ended = true;
    }

    /// How many bytes are kept.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The events after this one, at most `most` of them.
    pub(super) fn after(&self, id: u64, most: usize) -> Unread {
        let first = self.entries.front().map_or(self.last + 1, |entry| entry.id);
        let from = usize::try_from(id.saturating_add(1).saturating_sub(first)).unwrap_or(usize::MAX);
        let entries: Vec<_> = self.entries.iter().skip(from).take(most).cloned().collect();
        let is_all = self.is_ended && entries.last().is_none_or(|entry| entry.id == self.last);
        Unread { missed: first.saturating_sub(id.saturating_add(1)), entries, is_all }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(unread: &Unread) -> Vec<u64> {
        unread.entries.iter().map(|entry| entry.id).collect()
    }

    /// H1
    #[test]
    fn who_comes_back_gets_what_came_after() {
        let mut log = EventLog::default();
        for _ in 0..4 {
            log.add("stdout", "{}".to_owned());
        }
        assert_eq!(ids(&log.after(0, 10)), [1, 2, 3, 4]);
        assert_eq!(ids(&log.after(2, 1)), [3]);
        assert_eq!(log.after(4, 10), Unread::default());
        assert_eq!(log.after(99, 10), Unread::default());
        log.end();
        assert!(!log.after(2, 1).is_all);
        assert!(log.after(2, 2).is_all);
        assert!(log.after(u64::MAX - 1, 2).is_all);
    }

    #[test]
    fn what_is_kept_is_bounded_and_what_is_missed_is_counted() {
        let mut log = EventLog::default();
        for _ in 0..=MOST_EVENTS {
            log.add("stdout", "{}".to_owned());
        }
        let unread = log.after(0, 1);
        assert_eq!((unread.missed, ids(&unread)), (1, vec![2]));
        log.add("outcome", "x".repeat(MOST_BYTES + 1));
        assert_eq!(log.bytes(), MOST_BYTES + 1);
        assert_eq!(ids(&log.after(0, 10)), [MOST_EVENTS as u64 + 2]);
    }
}
