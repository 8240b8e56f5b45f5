//! One answer, from its first byte to its end.

use std::{collections::VecDeque, time::Duration};

use futures_util::{StreamExt as _, stream::BoxStream};
use tokio::time::timeout;

use super::{Delta, ModelError, dialects::Reader, events::Arrival};

/// How long after the end of an answer its usage may come; some servers leave the connection open instead.
const AFTER_THE_END: Duration = Duration::from_secs(2);

/// An answer that has begun.
pub(super) struct Turn {
    arrivals: BoxStream<'static, Result<Arrival, ModelError>>,
    /// Gone once the answer is whole.
    reader: Option<Box<dyn Reader>>,
    ready: VecDeque<Delta>,
}

impl Turn {
    pub(super) fn new(arrivals: BoxStream<'static, Result<Arrival, ModelError>>, reader: Box<dyn Reader>) -> Self {
        Self { arrivals, reader: Some(reader), ready: VecDeque::new() }
    }

    /// What comes next; `None` after the end. An error is the last thing that comes.
    pub(super) async fn next(&mut self) -> Result<Option<Delta>, ModelError> {
        loop {
            if let Some(delta) = self.ready.pop_front() {
                return Ok(Some(delta));
            }
            let Some(mut reader) = self.reader.take() else { return Ok(None) };
            match self.arrival(reader.has_ended()).await? {
                Some(Arrival::Piece(piece)) => {
                    let had_ended = reader.has_ended();
                    match reader.take(&piece) {
                        Ok(text) => self.ready.extend(text.map(Delta::Text)),
                        // What was whole stays whole.
                        Err(_) if had_ended => {}
                        Err(error) => return Err(error),
                    }
                    self.reader = Some(reader);
                }
                Some(Arrival::Done) => self.conclude(reader)?,
                None if reader.has_ended() => self.conclude(reader)?,
                None => return Err(ModelError::CutOff),
            }
        }
    }

    /// What arrives next. After the end of an answer nothing is waited for long, and no failure counts.
    async fn arrival(&mut self, has_ended: bool) -> Result<Option<Arrival>, ModelError> {
        if !has_ended {
            return self.arrivals.next().await.transpose();
        }
        let arrival = timeout(AFTER_THE_END, self.arrivals.next()).await;
        Ok(arrival.ok().flatten().and_then(Result::ok))
    }

    fn conclude(&mut self, reader: Box<dyn Reader>) -> Result<(), ModelError> {
        let conclusion = reader.conclude()?;
        self.ready.extend(conclusion.calls.into_iter().map(Delta::ToolCall));
        self.ready.extend(conclusion.reasoned.map(Delta::Reasoned));
        self.ready.push_back(Delta::Finished(conclusion.finished));
        Ok(())
    }
}
