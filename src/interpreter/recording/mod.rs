//! What a run has produced so far: its output, events, values and notes.
//!
//! Shared by the code's threads, the folder's watcher, the pool and whoever follows the run. A std mutex guards
//! it: nothing awaits or calls Python while it is held.

mod events;
mod lines;
mod text;

use std::{
    borrow::Cow,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use self::{
    events::EventQueue,
    lines::{Lines, Sink},
    text::ShownText,
};
use super::{Display, Event, FailedPackage, FileSeen, Omitted};

pub(crate) use self::{lines::Writer, text::OutputLimits};

/// How many `display()` calls one run may make; more are counted and left out.
const MAX_DISPLAYS: usize = 200;
/// How many bytes of text they may have together.
const MAX_DISPLAYED_BYTES: usize = 10 * 1024 * 1024;
/// How many notes one run may have.
const MAX_NOTES: usize = 100;

/// One of the two streams code writes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Channel {
    Stdout,
    Stderr,
}

impl Channel {
    /// The descriptor it stands for: 1 or 2.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Stdout => 1,
            Self::Stderr => 2,
        }
    }

    /// The channel with this number.
    pub(crate) fn numbered(number: u8) -> Option<Self> {
        [Self::Stdout, Self::Stderr].into_iter().find(|channel| channel.number() == number)
    }
}

/// Everything a run has produced so far.
pub(crate) struct Recording {
    /// Whether somebody follows the events.
    live: bool,
    inner: Mutex<Inner>,
}

struct Inner {
    text: ShownText,
    lines: Lines,
    events: EventQueue,
    displays: Vec<Display>,
    displayed_bytes: usize,
    displays_omitted: u64,
    installed: Vec<String>,
    failed: Vec<FailedPackage>,
    notes: Vec<String>,
    place: usize,
    /// What code that was left behind still writes is dropped.
    settled: bool,
    finished: bool,
}

/// What a finished recording hands over to the outcome.
pub(crate) struct Recorded {
    pub(crate) output: String,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) displays: Vec<Display>,
    pub(crate) installed: Vec<String>,
    pub(crate) failed: Vec<FailedPackage>,
    pub(crate) notes: Vec<String>,
    pub(crate) omitted: Omitted,
}

impl Recording {
    /// A new recording; `live` when somebody follows the events.
    pub(crate) fn new(limits: OutputLimits, live: bool) -> Self {
        let inner = Inner {
            text: ShownText::new(limits),
            lines: Lines::default(),
            events: EventQueue::new(live),
            displays: Vec::new(),
            displayed_bytes: 0,
            displays_omitted: 0,
            installed: Vec::new(),
            failed: Vec::new(),
            notes: Vec::new(),
            place: 0,
            settled: false,
            finished: false,
        };
        Self { live, inner: Mutex::new(inner) }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // The data stays consistent even if a holder panicked: every change is a plain append.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says where the run's folder is: its path is shown as `/mnt/data`, and too much output goes into it.
    pub(crate) fn works_in(&self, folder: &Path) {
        self.lock().text.works_in(folder);
    }

    /// Whether somebody follows the events.
    pub(crate) fn is_live(&self) -> bool {
        self.live
    }

    /// Text from one of the code's threads.
    pub(crate) fn write(&self, channel: Channel, writer: Writer, text: &str) {
        self.lock().lines(|lines, sink| lines.write(channel, writer, text, sink));
    }

    /// Bytes from one of the code's threads; what is not UTF-8 is shown escaped.
    pub(crate) fn write_bytes(&self, channel: Channel, writer: Writer, bytes: &[u8]) {
        let mut inner = self.lock();
        if !inner.settled && inner.text.drops_all() {
            // Making text of it costs many times what it cost to write.
            inner.text.drop_bytes(bytes.len() as u64);
            return;
        }
        inner.lines(|lines, sink| {
            let text = lines.decode(channel, writer, bytes);
            lines.write(channel, writer, &text, sink);
        });
    }

    /// A thread has ended: what it has begun is shown.
    pub(crate) fn flush(&self, writer: Writer) {
        self.lock().lines(|lines, sink| lines.flush(writer, sink));
    }

    /// The text with the run's real folder shown as the code knows it (X5).
    pub(crate) fn without_folder(&self, text: String) -> String {
        match self.lock().text.hide_folder(&text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(shown) => shown,
        }
    }

    /// The code showed a value.
    pub(crate) fn display(&self, display: Display) {
        let display = display.map_texts(|text| self.without_folder(text));
        let mut inner = self.lock();
        if inner.settled {
            return;
        }
        let bytes = inner.displayed_bytes + display.bytes();
        if inner.displays.len() >= MAX_DISPLAYS || bytes > MAX_DISPLAYED_BYTES {
            inner.displays_omitted += 1;
            return;
        }
        inner.displayed_bytes = bytes;
        inner.events.push_with(|| Event::Display(display.clone()));
        inner.displays.push(display);
    }

    /// A file was seen in the folder.
    pub(crate) fn file_seen(&self, seen: FileSeen) {
        self.event(Event::File(seen));
    }

    /// The run waits at this place; told only when it has changed.
    pub(crate) fn queued(&self, place: usize) {
        if !self.live {
            return;
        }
        let mut inner = self.lock();
        if inner.place != place {
            inner.place = place;
            inner.events.push_with(|| Event::Queued { place });
        }
    }

    /// Something happened that is only worth an event.
    pub(crate) fn event(&self, event: Event) {
        let mut inner = self.lock();
        if !inner.finished {
            inner.events.push_with(|| event);
        }
    }

    /// An installation ended.
    pub(crate) fn installed(&self, installed: &[String], failed: &[FailedPackage]) {
        let mut inner = self.lock();
        inner.installed.extend_from_slice(installed);
        inner.failed.extend_from_slice(failed);
        inner.events.push_with(|| Event::Installed { packages: installed.to_vec(), failed: failed.to_vec() });
    }

    /// A sentence for the user.
    pub(crate) fn note(&self, note: impl Into<String>) {
        let note = self.without_folder(note.into());
        let mut inner = self.lock();
        if inner.notes.len() < MAX_NOTES {
            inner.notes.push(note);
        }
    }

    /// The next event; `None` when the run has finished and all were taken.
    pub(crate) fn poll_event(&self, context: &mut Context<'_>) -> Poll<Option<Event>> {
        let mut inner = self.lock();
        let finished = inner.finished;
        inner.events.poll(context, finished)
    }

    /// Puts what threads still hold back into the output and closes it: the run's files are collected next.
    pub(crate) fn settle(&self) {
        let mut inner = self.lock();
        inner.lines(Lines::settle);
        inner.settled = true;
        inner.text.close_file();
    }

    /// Ends the recording and takes what it holds; later writes are dropped.
    pub(crate) fn finish(&self) -> Recorded {
        let mut inner = self.lock();
        inner.settled = true;
        inner.finished = true;
        inner.events.wake();
        let text = inner.text.take();
        Recorded {
            output: text.output,
            stdout: text.stdout,
            stderr: text.stderr,
            displays: std::mem::take(&mut inner.displays),
            installed: std::mem::take(&mut inner.installed),
            failed: std::mem::take(&mut inner.failed),
            notes: std::mem::take(&mut inner.notes),
            omitted: Omitted {
                output_in_file: text.in_file,
                output_dropped: text.dropped,
                displays: inner.displays_omitted,
                ..Omitted::default()
            },
        }
    }
}

impl Inner {
    /// Lets whole lines go where they belong, unless the output is closed.
    fn lines(&mut self, change: impl FnOnce(&mut Lines, Sink<'_>)) {
        if !self.settled {
            let Self { lines, text, events, .. } = self;
            change(lines, &mut |channel, shown| text.append(channel, shown, events));
        }
    }
}
