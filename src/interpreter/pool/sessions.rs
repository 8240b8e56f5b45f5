//! Sandboxes that live on for their owners between runs (X13).

use std::{
    collections::{HashMap, VecDeque},
    io,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use super::super::{
    sandbox::Sandbox,
    workspace::{Collected, Workspace},
};

/// Whose session it is: an owner's name, or nobody's.
type Owner = Option<String>;

/// How often a worker that waits for another run of the session looks whether its own was cancelled.
const LOOK: Duration = Duration::from_millis(50);
/// Ends that owners have not been told of.
const MOST_ENDS: usize = 1000;

/// What a session keeps between runs.
pub(super) struct Kept {
    pub(super) sandbox: Sandbox,
    pub(super) workspace: Workspace,
    /// Files of earlier runs, which are not generated again by being there.
    pub(super) collected: Collected,
}

/// What a worker gets for a run of a session.
pub(super) enum Taken {
    /// The session goes on.
    Goes(Box<Kept>),
    /// There is none: this run begins one. Why the one before has ended, where the owner should know.
    Begins(Option<&'static str>),
    /// The run was cancelled while another of the session went on.
    GivenUp,
}

/// What a run leaves of its session.
pub(super) enum Left {
    /// All of it.
    Kept(Box<Kept>),
    /// Its sandbox had to be ended.
    Ended,
    /// There was none.
    Nothing,
}

/// How many sessions there may be, and for how long they live unused.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SessionLimits {
    pub(crate) most: usize,
    pub(crate) idle: Duration,
}

/// The sessions of all owners.
pub(super) struct Sessions {
    inner: Mutex<Inner>,
    changed: Condvar,
    limits: SessionLimits,
}

#[derive(Default)]
struct Inner {
    idle: HashMap<Owner, (Instant, Kept)>,
    /// Owners whose session is with a worker; `false` once it is not to be kept after that.
    busy: HashMap<Owner, bool>,
    /// Why sessions ended, oldest first.
    ends: VecDeque<(Owner, &'static str)>,
    is_closed: bool,
}

/// It was not used for long.
const IDLE: &str = "it was not used for too long";
/// Others needed its place.
const CROWDED: &str = "there were too many sessions";
/// Its process died.
const DIED: &str = "its process died";
/// It had to be ended together with a run.
const STOPPED: &str = "the run before had to be ended";

impl Sessions {
    /// Starts the thread that ends idle sessions.
    pub(super) fn start(limits: SessionLimits) -> io::Result<Arc<Self>> {
        let sessions = Arc::new(Self { inner: Mutex::default(), changed: Condvar::new(), limits });
        let watched = Arc::clone(&sessions);
        thread::Builder::new().name("taipan-sessions".to_owned()).spawn(move || watched.watch())?;
        Ok(sessions)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn watch(&self) {
        loop {
            let inner = self.lock();
            if inner.is_closed {
                return;
            }
            let oldest = inner.idle.values().map(|(since, _)| *since).min();
            let due = oldest.map_or(self.limits.idle, |since| (since + self.limits.idle) - Instant::now());
            drop(self.changed.wait_timeout(inner, due).unwrap_or_else(PoisonError::into_inner));
            drop(self.end_idle(Instant::now()));
        }
    }

    /// Ends the sessions that nobody has used for too long by `now`; gives what is left of them.
    fn end_idle(&self, now: Instant) -> Vec<Kept> {
        let mut inner = self.lock();
        let late = |since: Instant| now.saturating_duration_since(since) >= self.limits.idle;
        let ended: Vec<_> = inner.idle.extract_if(|_, (since, _)| late(*since)).collect();
        ended
            .into_iter()
            .map(|(owner, (_, kept))| {
                inner.tell(owner, IDLE);
                kept
            })
            .collect()
    }

    /// Takes an owner's session for a run. Where another of his runs has it, waits for that.
    pub(super) fn take(&self, owner: &Owner, is_given_up: impl Fn() -> bool) -> Taken {
        let mut inner = self.lock();
        while inner.busy.contains_key(owner) {
            if is_given_up() {
                return Taken::GivenUp;
            }
            inner = self.changed.wait_timeout(inner, LOOK).unwrap_or_else(PoisonError::into_inner).0;
        }
        inner.busy.insert(owner.clone(), true);
        match inner.idle.remove(owner) {
            Some((_, kept)) if kept.sandbox.lives() => Taken::Goes(Box::new(kept)),
            Some((_, kept)) => {
                drop(inner);
                drop(kept);
                Taken::Begins(Some(DIED))
            }
            None => Taken::Begins(inner.hear(owner)),
        }
    }

    /// Keeps a session after a run, or ends it; the longest unused of others goes where there are too many.
    pub(super) fn put_back(&self, owner: &Owner, left: Left, now: Instant) {
        let mut inner = self.lock();
        let is_kept = inner.busy.remove(owner).unwrap_or(false) && !inner.is_closed;
        let mut ended = None;
        match left {
            Left::Kept(kept) if is_kept => {
                if inner.idle.len() >= self.limits.most {
                    ended = inner.end_longest_idle();
                }
                inner.idle.insert(owner.clone(), (now, *kept));
            }
            Left::Kept(kept) => ended = Some(*kept),
            Left::Ended if is_kept => inner.tell(owner.clone(), STOPPED),
            Left::Ended | Left::Nothing => {}
        }
        drop(inner);
        self.changed.notify_all();
        drop(ended);
    }

    /// Ends an owner's session, or has it end with the run that uses it. Gives whether there was one.
    pub(super) fn end(&self, owner: &Owner) -> bool {
        let mut inner = self.lock();
        let ended = inner.idle.remove(owner);
        inner.ends.retain(|(told, _)| told != owner);
        let is_busy = inner.busy.get_mut(owner).is_some_and(|is_kept| std::mem::replace(is_kept, false));
        drop(inner);
        ended.is_some() || is_busy
    }

    /// Ends all sessions; none is kept any more.
    pub(super) fn close(&self) {
        let mut inner = self.lock();
        inner.is_closed = true;
        let ended = std::mem::take(&mut inner.idle);
        drop(inner);
        self.changed.notify_all();
        drop(ended);
    }
}

impl Inner {
    fn end_longest_idle(&mut self) -> Option<Kept> {
        let owner = self.idle.iter().min_by_key(|(_, (since, _))| *since).map(|(owner, _)| owner.clone())?;
        let (_, kept) = self.idle.remove(&owner)?;
        self.tell(owner, CROWDED);
        Some(kept)
    }

    /// Notes what an owner is to be told with his next run.
    fn tell(&mut self, owner: Owner, why: &'static str) {
        if self.ends.len() >= MOST_ENDS {
            self.ends.pop_front();
        }
        self.ends.push_back((owner, why));
    }

    fn hear(&mut self, owner: &Owner) -> Option<&'static str> {
        let place = self.ends.iter().position(|(told, _)| told == owner)?;
        self.ends.remove(place).map(|(_, why)| why)
    }
}
