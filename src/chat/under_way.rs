//! The turns that go on: one at a time in a channel, a few at a time for a user.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use super::{Channel, turn::Stop};
use crate::identifiers::UserId;

/// How many messages of a user are answered or wait to be at once.
pub const MOST_TURNS_AT_ONCE: usize = 4;

/// The turns that go on.
#[derive(Default)]
pub(super) struct UnderWay(Mutex<HashMap<UserId, Vec<Arc<Going>>>>);

/// A turn that goes on.
pub(super) struct Going {
    channel: Channel,
    stop: Stop,
    is_forgotten: AtomicBool,
    /// Shared with the other turns of its channel; who holds it is answered.
    order: Arc<tokio::sync::Mutex<()>>,
}

/// A place among the turns that go on; free again when it is dropped.
pub(super) struct Place {
    under_way: Arc<UnderWay>,
    user: UserId,
    pub(super) going: Arc<Going>,
}

impl UnderWay {
    /// A place for a turn; `None` when the user has too many.
    pub(super) fn begin(self: &Arc<Self>, user: UserId, channel: &Channel, stop: &Stop) -> Option<Place> {
        let mut users = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let turns = users.entry(user).or_default();
        if turns.len() >= MOST_TURNS_AT_ONCE {
            return None;
        }
        let same = turns.iter().find(|going| going.channel == *channel);
        let order = same.map(|going| Arc::clone(&going.order)).unwrap_or_default();
        let (channel, stop) = (channel.clone(), stop.clone());
        let going = Arc::new(Going { channel, stop, is_forgotten: AtomicBool::new(false), order });
        turns.push(Arc::clone(&going));
        Some(Place { under_way: Arc::clone(self), user, going })
    }

    /// Stops the user's turns in a channel, or in all, and returns when nothing more is written down of them.
    pub(super) async fn forget(&self, user: UserId, channel: Option<&Channel>) {
        let orders: Vec<_> = {
            let users = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let turns = users.get(&user).map(Vec::as_slice).unwrap_or_default();
            let meant = turns.iter().filter(|going| channel.is_none_or(|channel| going.channel == *channel));
            meant
                .map(|going| {
                    going.is_forgotten.store(true, Ordering::Release);
                    going.stop.cancel();
                    Arc::clone(&going.order)
                })
                .collect()
        };
        for order in orders {
            drop(order.lock().await);
        }
    }

    /// Stops all turns of everybody.
    pub(super) fn stop_all(&self) {
        let users = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        users.values().flatten().for_each(|going| going.stop.cancel());
    }
}

impl Going {
    /// Waits until the earlier turns of this channel have ended.
    pub(super) async fn its_turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.order.lock().await
    }

    /// Whether the user wants nothing of it remembered.
    pub(super) fn is_forgotten(&self) -> bool {
        self.is_forgotten.load(Ordering::Acquire)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut users = self.under_way.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(turns) = users.get_mut(&self.user) else { return };
        turns.retain(|going| !Arc::ptr_eq(going, &self.going));
        if turns.is_empty() {
            users.remove(&self.user);
        }
    }
}
