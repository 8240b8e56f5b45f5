//! What code writes, put together from what a sandbox sends and what it holds back for a moment.

use super::super::wire::held_text::{Held, Window};

/// The text of one sandbox, each byte of which is given once.
pub(crate) struct Written {
    window: Window,
    /// Bytes that were sent.
    sent: u64,
    /// Bytes that were given, of those sent and those held back.
    given: u64,
}

impl Written {
    pub(crate) fn new(window: Window) -> Self {
        Self { window, sent: 0, given: 0 }
    }

    /// Takes what was sent; gives what is new of it.
    pub(super) fn receive<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let new = self.new_part(self.sent, bytes);
        self.sent += bytes.len() as u64;
        self.given = self.given.max(self.sent);
        new
    }

    /// What is held back and was not given before. Where something is on its way that comes before it, it has time
    /// (`None`), unless nothing comes any more.
    pub(super) fn look(&mut self, is_over: bool) -> Option<Held> {
        let mut held = self.window.look().filter(|held| held.place <= self.sent || is_over)?;
        let end = held.place.checked_add(held.bytes.len() as u64)?;
        held.bytes = self.new_part(held.place, &held.bytes).to_vec();
        self.given = self.given.max(end);
        (!held.bytes.is_empty()).then_some(held)
    }

    fn new_part<'b>(&self, place: u64, bytes: &'b [u8]) -> &'b [u8] {
        let known = usize::try_from(self.given.saturating_sub(place)).unwrap_or(usize::MAX);
        bytes.get(known..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd as _;

    use super::*;
    use crate::interpreter::sandbox::wire::held_text::HeldText;

    fn text(held: Option<Held>) -> Option<String> {
        held.map(|held| String::from_utf8(held.bytes).unwrap())
    }

    #[test]
    fn what_was_seen_while_it_was_held_is_not_given_again() {
        let window = Window::open().unwrap();
        let mut inside = HeldText::new(window.as_fd().try_clone_to_owned().unwrap()).unwrap();
        let mut written = Written::new(window);
        inside.add(1, 0, b"one");
        assert_eq!(text(written.look(false)).as_deref(), Some("one"));
        assert_eq!(text(written.look(false)), None);
        inside.add(1, 0, b" two");
        assert_eq!(text(written.look(false)).as_deref(), Some(" two"));
        inside.add(1, 0, b" three");
        let sent = inside.held().unwrap().2.to_vec();
        assert_eq!(written.receive(&sent), b" three");
        // It died between sending and letting go.
        assert_eq!(text(written.look(true)), None);
        inside.clear();
        inside.passed(4);
        inside.add(1, 0, b"last");
        assert_eq!(text(written.look(false)), None, "something before it is on its way");
        assert_eq!(written.receive(b"more"), b"more");
        assert_eq!(text(written.look(true)).as_deref(), Some("last"));
    }
}
