//! The events somebody who follows a run has not taken yet.

use std::{
    collections::VecDeque,
    task::{Context, Poll, Waker},
};

use super::{super::Event, Channel};

/// How many events may wait; text is merged and limited elsewhere, so this bounds files and displays.
const MAX_WAITING: usize = 4096;

/// A bounded queue that wakes its one reader.
pub(super) struct EventQueue {
    live: bool,
    waiting: VecDeque<Event>,
    reader: Option<Waker>,
}

impl EventQueue {
    /// A queue; without a reader (`live` false) events are not even made.
    pub(super) fn new(live: bool) -> Self {
        Self { live, waiting: VecDeque::new(), reader: None }
    }

    pub(super) fn push_with(&mut self, event: impl FnOnce() -> Event) {
        if !self.live || self.waiting.len() >= MAX_WAITING {
            return;
        }
        let event = event();
        // Only the newest place in the queue is of interest.
        if let (Event::Queued { .. }, Some(Event::Queued { .. })) = (&event, self.waiting.back()) {
            self.waiting.pop_back();
        }
        self.waiting.push_back(event);
        self.wake();
    }

    /// Text that was shown; merged with waiting text of the same channel.
    pub(super) fn text(&mut self, channel: Channel, text: &str) {
        if !self.live {
            return;
        }
        match (channel, self.waiting.back_mut()) {
            (Channel::Stdout, Some(Event::Stdout { text: waiting }))
            | (Channel::Stderr, Some(Event::Stderr { text: waiting })) => waiting.push_str(text),
            (Channel::Stdout, _) => self.waiting.push_back(Event::Stdout { text: text.to_owned() }),
            (Channel::Stderr, _) => self.waiting.push_back(Event::Stderr { text: text.to_owned() }),
        }
        self.wake();
    }

    pub(super) fn wake(&mut self) {
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
    }

    pub(super) fn poll(&mut self, context: &mut Context<'_>, finished: bool) -> Poll<Option<Event>> {
        if let Some(event) = self.waiting.pop_front() {
            return Poll::Ready(Some(event));
        }
        if finished {
            return Poll::Ready(None);
        }
        self.reader = Some(context.waker().clone());
        Poll::Pending
    }
}
