//! What goes on and can be stopped.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use crate::{chat::TurnHandle, executions::RunHandle};

/// Stops a run or an answer.
#[derive(Clone, Debug)]
pub(in crate::discord) enum Stopper {
    Run(RunHandle),
    Turn(TurnHandle),
}

/// What came of pressing Stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::discord) enum Stopped {
    /// It is being stopped.
    Asked,
    /// It has ended before.
    Ended,
    /// Only the asker and admins may.
    NotTheirs,
}

/// Everything that goes on. Clones are the same.
#[derive(Clone, Debug)]
pub(in crate::discord) struct Going {
    next: Arc<AtomicU64>,
    runs: Arc<Mutex<HashMap<u64, OneGoing>>>,
}

#[derive(Debug)]
struct OneGoing {
    owner: u64,
    source: Option<u64>,
    stopper: Stopper,
}

/// A place among what goes on; free again when it is dropped.
pub(in crate::discord) struct Entered {
    going: Going,
    key: u64,
}

impl Going {
    pub(in crate::discord) fn new() -> Self {
        // Buttons from before a restart must not stop what began after it.
        let first = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
        Self { next: Arc::new(AtomicU64::new(u64::try_from(first).unwrap_or_default())), runs: Arc::default() }
    }

    /// Enters something that goes on, with the message that it answers.
    pub(in crate::discord) fn enter(&self, owner: u64, source: Option<u64>, stopper: Stopper) -> Entered {
        let key = self.next.fetch_add(1, Ordering::Relaxed);
        self.runs().insert(key, OneGoing { owner, source, stopper });
        Entered { going: self.clone(), key }
    }

    /// Stops something for somebody who may.
    pub(in crate::discord) fn stop(&self, key: u64, person: u64, is_admin: bool) -> Stopped {
        match self.runs().get(&key) {
            None => Stopped::Ended,
            Some(going) if going.owner != person && !is_admin => Stopped::NotTheirs,
            Some(going) => {
                going.stopper.stop();
                Stopped::Asked
            }
        }
    }

    /// Stops what answers a message that is gone or says something else now.
    pub(in crate::discord) fn stop_answers_to(&self, source: u64) {
        self.runs().values().filter(|going| going.source == Some(source)).for_each(|going| going.stopper.stop());
    }

    fn runs(&self) -> std::sync::MutexGuard<'_, HashMap<u64, OneGoing>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stopper {
    fn stop(&self) {
        match self {
            Self::Run(run) => run.cancel(),
            Self::Turn(turn) => turn.cancel(),
        }
    }
}

impl Entered {
    /// By what it is stopped.
    pub(in crate::discord) fn key(&self) -> u64 {
        self.key
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.going.runs().remove(&self.key);
    }
}
