//! A turn: a message, what the assistant does about it, and the answer.
//!
//! - `message`: what a person sends; `events`: what happens then, and how it ends.
//! - `conduct`: a turn from beginning to end; `rounds`: asking and running in turn.
//! - `asking`: one answer of the model, mended where it breaks; `running`: one call of the tool.
//! - `spending`: what it takes; `stop`: how it is stopped.

mod asking;
mod conduct;
mod events;
mod message;
mod rounds;
mod running;
mod spending;
mod stop;

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use futures_core::Stream;
use tokio::sync::{mpsc, oneshot};

use super::{Channel, assistant::Parts};
use crate::identifiers::UserId;
use conduct::Conduct;

pub(in crate::chat) use self::stop::Stop;
pub use self::{
    events::{TurnEnding, TurnEvent, TurnOutcome},
    message::{GivenImage, LONGEST_MESSAGE, MOST_IMAGES, Quoted, UserMessage},
    spending::Spent,
};

/// How many events wait to be taken before the turn waits.
const MOST_EVENTS: usize = 256;

/// A turn that goes on: a stream of [`TurnEvent`]s, then a [`TurnOutcome`].
///
/// Dropping it stops the turn; what was said by then is remembered all the same.
pub struct Turn {
    events: mpsc::Receiver<TurnEvent>,
    outcome: oneshot::Receiver<TurnOutcome>,
    handle: TurnHandle,
}

/// Stops a turn from anywhere. Clones stop the same turn.
#[derive(Clone, Debug)]
pub struct TurnHandle(Stop);

/// Begins a turn as a task of its own, so that its end is seen to whoever waits for it.
pub(super) fn start(parts: &Arc<Parts>, user: UserId, channel: Channel, message: UserMessage) -> Turn {
    let (send_event, events) = mpsc::channel(MOST_EVENTS);
    let (send_outcome, outcome) = oneshot::channel();
    let stop = Stop::default();
    let is_closing = parts.turns.is_closed();
    let conduct = Conduct { parts: Arc::clone(parts), user, channel, message, stop: stop.clone() };
    let turn = async move {
        let outcome = conduct.conduct(send_event).await;
        // Whoever asked may have stopped waiting.
        let _ = send_outcome.send(outcome);
    };
    // Without it nobody answers, which is an outcome too.
    if let Ok(runtime) = tokio::runtime::Handle::try_current()
        && !is_closing
    {
        parts.turns.spawn_on(turn, &runtime);
    }
    Turn { events, outcome, handle: TurnHandle(stop) }
}

impl Turn {
    /// The next event; `None` when the turn has ended and all were taken.
    pub async fn next(&mut self) -> Option<TurnEvent> {
        self.events.recv().await
    }

    /// Stops the turn, whatever it is doing; code that runs is cancelled, and what it has made is kept.
    pub fn cancel(&self) {
        self.handle.cancel();
    }

    /// Something to stop the turn with while this is borrowed or gone.
    #[must_use]
    pub fn handle(&self) -> TurnHandle {
        self.handle.clone()
    }

    /// Waits for the end, until the turn is remembered. Events that were not taken are dropped. Dropping the future
    /// stops the turn.
    pub async fn outcome(mut self) -> TurnOutcome {
        self.events.close();
        let ended = (&mut self.outcome).await.ok();
        ended.unwrap_or_else(|| TurnOutcome::without_answer(TurnEnding::ShuttingDown))
    }
}

impl TurnHandle {
    /// Stops the turn; does nothing once it has ended.
    pub fn cancel(&self) {
        self.0.cancel();
    }
}

impl TurnOutcome {
    /// Nothing was said.
    fn without_answer(ending: TurnEnding) -> Self {
        Self {
            text: String::new(),
            files: Vec::new(),
            spent: Spent::default(),
            rounds: 0,
            ending,
            is_remembered: false,
        }
    }
}

impl Stream for Turn {
    type Item = TurnEvent;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<TurnEvent>> {
        self.events.poll_recv(context)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.handle.cancel();
    }
}

impl fmt::Debug for Turn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Turn").finish_non_exhaustive()
    }
}
