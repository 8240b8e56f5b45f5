//! One thing at a time with a user's files.

use tokio::sync::{Mutex, MutexGuard};

use crate::identifiers::UserId;

/// How many locks there are. Users share them, which makes some wait for each other and nobody for ever.
const LOCKS: usize = 256;
/// Spreads numbers that follow a pattern, as those of accounts do: 2^64 divided by the golden ratio.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// The locks of all users. Nobody holds two.
pub(super) struct OwnerLocks(Vec<Mutex<()>>);

impl OwnerLocks {
    pub(super) fn new() -> Self {
        Self((0..LOCKS).map(|_| Mutex::new(())).collect())
    }

    /// Waits for everything that changes which files the user has, and keeps others waiting.
    pub(super) async fn hold(&self, user: UserId) -> MutexGuard<'_, ()> {
        let spread = user.0.cast_unsigned().wrapping_mul(SPREAD) >> 32;
        let index = usize::try_from(spread).unwrap_or_default() % self.0.len();
        self.0[index].lock().await
    }
}
