//! What waits for a person's next step: choices that were offered, and files that are still being received.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use tokio::sync::watch;

/// How many choices are kept: the latest.
const MOST_OFFERED: usize = 1000;
/// How long a run waits for files that are still on their way.
const PATIENCE: Duration = Duration::from_secs(60);

/// The blocks of a message of which one is to be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Offered {
    /// The message they stand in.
    pub(super) message: u64,
    /// The code of each.
    pub(super) blocks: Vec<String>,
}

/// Choices that were offered.
#[derive(Debug)]
pub(super) struct Pending(Mutex<(u64, VecDeque<(u64, Offered)>)>);

impl Pending {
    pub(super) fn new() -> Self {
        // Menus from before a restart must not find what was offered after it.
        let first = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
        Self(Mutex::new((u64::try_from(first).unwrap_or_default(), VecDeque::new())))
    }

    /// Keeps a choice, and gives by what it is found.
    pub(super) fn offer(&self, offered: Offered) -> u64 {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.0 += 1;
        let key = kept.0;
        kept.1.push_back((key, offered));
        if kept.1.len() > MOST_OFFERED {
            kept.1.pop_front();
        }
        key
    }

    /// A choice that was offered; it may be made more than once.
    pub(super) fn take(&self, key: u64) -> Option<Offered> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.1.iter().find(|(known, _)| *known == key).map(|(_, offered)| offered.clone())
    }
}

/// Files that are being received, by the person who sent them.
#[derive(Clone, Debug, Default)]
pub(super) struct Uploads(Arc<Mutex<HashMap<u64, Vec<watch::Receiver<bool>>>>>);

/// Somebody's files are being received until this is dropped.
pub(super) struct Receiving {
    done: watch::Sender<bool>,
    uploads: Uploads,
    owner: u64,
}

impl Uploads {
    /// Notes that files of a person are on their way.
    pub(super) fn begin(&self, owner: u64) -> Receiving {
        let (done, receiver) = watch::channel(false);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(owner).or_default().push(receiver);
        Receiving { done, uploads: self.clone(), owner }
    }

    /// Waits until the files are there that a person has sent by now, but not for ever.
    pub(super) async fn settled(&self, owner: u64) {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&owner).cloned().unwrap_or_default();
        let all = async {
            for mut receiver in waiting {
                // Its sender is gone when the files are there.
                let _ = receiver.wait_for(|done| *done).await;
            }
        };
        if tokio::time::timeout(PATIENCE, all).await.is_err() {
            tracing::warn!(owner, "files were not received in time");
        }
    }
}

impl Drop for Receiving {
    fn drop(&mut self) {
        self.done.send_replace(true);
        let mut uploads = self.uploads.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(waiting) = uploads.get_mut(&self.owner) {
            waiting.retain(|receiver| !*receiver.borrow());
            if waiting.is_empty() {
                uploads.remove(&self.owner);
            }
        }
    }
}
