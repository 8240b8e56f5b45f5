//! Asks running code to stop, again and again: code may catch what stops it.

use std::{
    io,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread,
    time::Duration,
};

use super::super::active_run::ActiveRun;

/// How long to wait before asking again.
const AGAIN: Duration = Duration::from_millis(50);
/// Code that has been asked so many times is asked more rarely.
const PATIENCE: u32 = 40;
const RARELY: Duration = Duration::from_secs(1);

/// A thread that may have to wait for the GIL.
pub(super) struct Stopper(Mutex<Sender<Arc<ActiveRun>>>);

impl Stopper {
    /// Starts the thread; it ends when the stopper is dropped and nobody is left to ask.
    pub(super) fn start() -> io::Result<Self> {
        let (send, receive) = channel();
        thread::Builder::new().name("taipan-stopper".to_owned()).spawn(move || ask_all(&receive))?;
        Ok(Self(Mutex::new(send)))
    }

    /// Has this run's code asked to stop until it ends.
    pub(super) fn ask(&self, run: &Arc<ActiveRun>) {
        // The thread lives as long as the sender does.
        let _ = self.0.lock().unwrap_or_else(PoisonError::into_inner).send(Arc::clone(run));
    }
}

fn ask_all(new: &Receiver<Arc<ActiveRun>>) {
    let mut runs: Vec<(Arc<ActiveRun>, u32)> = Vec::new();
    let mut open = true;
    while open || !runs.is_empty() {
        if runs.is_empty() {
            match new.recv() {
                Ok(run) => runs.push((run, 0)),
                Err(_) => return,
            }
        } else {
            let patient = runs.iter().all(|(_, asked)| *asked > PATIENCE);
            match new.recv_timeout(if patient { RARELY } else { AGAIN }) {
                Ok(run) => runs.push((run, 0)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    open = false;
                    thread::sleep(RARELY);
                }
            }
        }
        runs.retain_mut(|(run, asked)| {
            *asked = asked.saturating_add(1);
            run.stop.ask()
        });
    }
}
