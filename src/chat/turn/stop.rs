//! Stopping a turn from outside.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio_util::sync::CancellationToken;

use super::TurnEnding;

/// Stops a turn. Clones stop the same one.
#[derive(Clone, Debug, Default)]
pub(in crate::chat) struct Stop {
    token: CancellationToken,
    is_time_over: Arc<AtomicBool>,
}

impl Stop {
    /// Stops it because somebody wants so.
    pub(in crate::chat) fn cancel(&self) {
        self.token.cancel();
    }

    /// Stops it because its time is over.
    pub(super) fn time_is_over(&self) {
        if !self.token.is_cancelled() {
            self.is_time_over.store(true, Ordering::Release);
            self.token.cancel();
        }
    }

    /// Waits until it is stopped.
    pub(in crate::chat) async fn stopped(&self) {
        self.token.cancelled().await;
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.token.is_cancelled()
    }

    /// How a stopped turn ends.
    pub(super) fn ending(&self) -> TurnEnding {
        if self.is_time_over.load(Ordering::Acquire) { TurnEnding::TimeLimit } else { TurnEnding::Cancelled }
    }
}
