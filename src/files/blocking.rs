//! Work of the disk, away from the threads that serve everybody.

use std::{io, sync::Arc};

use tokio::{sync::Semaphore, task};

use super::StoreError;

/// How many pieces of work go on at a time, whoever asked. A disk is no faster with more.
const MOST_AT_ONCE: usize = 16;

/// Lets blocking work be done, a bounded number of pieces at a time.
#[derive(Clone, Debug)]
pub(super) struct Blocking(Arc<Semaphore>);

impl Blocking {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(MOST_AT_ONCE)))
    }

    /// Does the work on another thread. Whoever stops waiting for it does not stop it; what it gives is dropped then.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let permit = Arc::clone(&self.0).acquire_owned().await.map_err(unfinished)?;
        let working = task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        working.await.map_err(unfinished)?
    }
}

/// The work panicked, or the program ends.
fn unfinished(error: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::Io(io::Error::other(error))
}
