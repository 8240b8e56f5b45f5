//! Lets one run at a time have something, and takes it from a run that was given up.

use std::sync::{Condvar, Mutex, PoisonError};

/// What one run has at a time.
#[derive(Default)]
pub(super) struct Turn {
    holder: Mutex<Option<u64>>,
    free: Condvar,
}

/// The run's turn ends when this is dropped, unless it has ended before.
pub(super) struct TurnGuard<'t> {
    turn: &'t Turn,
    run: u64,
}

impl Turn {
    /// Waits for the turn.
    pub(super) fn take(&self, run: u64) -> TurnGuard<'_> {
        let holder = self.holder.lock().unwrap_or_else(PoisonError::into_inner);
        let mut holder =
            self.free.wait_while(holder, |holder| holder.is_some()).unwrap_or_else(PoisonError::into_inner);
        *holder = Some(run);
        TurnGuard { turn: self, run }
    }

    /// Ends this run's turn, if it has it: a run that cannot be stopped must not keep all others from running.
    pub(super) fn end(&self, run: u64) {
        let mut holder = self.holder.lock().unwrap_or_else(PoisonError::into_inner);
        if *holder == Some(run) {
            *holder = None;
            self.free.notify_one();
        }
    }
}

impl Drop for TurnGuard<'_> {
    fn drop(&mut self) {
        self.turn.end(self.run);
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::Turn;

    #[test]
    fn a_turn_that_was_ended_from_outside_is_not_ended_again_for_the_next_run() {
        let turn = Turn::default();
        let given_up = turn.take(1);
        turn.end(1);
        let second = turn.take(2);
        drop(given_up);
        assert_eq!(*turn.holder.lock().unwrap(), Some(2));
        drop(second);
        assert_eq!(*turn.holder.lock().unwrap(), None);
    }

    #[test]
    fn a_run_waits_for_the_turn_of_another() {
        let turn = Turn::default();
        let first = turn.take(1);
        thread::scope(|scope| {
            let waiting = scope.spawn(|| drop(turn.take(2)));
            drop(first);
            waiting.join().unwrap();
        });
    }
}
