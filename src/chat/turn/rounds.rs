//! Asking the model and running what it writes, in turn (A3).

use std::sync::Arc;

use tokio::sync::mpsc;

use super::{
    super::{
        assistant::Parts,
        model::{Message, Question, ToolCall},
        tool,
    },
    Spent, Stop, TurnEnding, TurnEvent,
    spending::Budget,
};
use crate::{executions::AnsweredFile, identifiers::UserId};

/// How many calls of one answer are run; the model is told so of the others.
const MOST_CALLS: usize = 8;
/// How many calls of one answer are told of at all.
const MOST_CALLS_TOLD: usize = 32;
/// How much text a tool's result keeps when the conversation has turned out too long, in bytes.
const SHORTENED_RESULT: usize = 1_000;

/// What a turn goes through.
pub(super) struct Rounds {
    pub(super) parts: Arc<Parts>,
    pub(super) user: UserId,
    pub(super) model: String,
    pub(super) in_session: bool,
    pub(super) conversation: Conversation,
    pub(super) budget: Budget,
    pub(super) stop: Stop,
    pub(super) events: mpsc::Sender<TurnEvent>,
    pub(super) mends: Mends,
    pub(super) so_far: SoFar,
}

/// What is sent to the model.
pub(super) struct Conversation {
    pub(super) system: Message,
    pub(super) history: Vec<Vec<Message>>,
    pub(super) asked: Message,
    /// What followed in this turn; each call has its result when a round is over.
    pub(super) said: Vec<Message>,
}

/// What is mended once in a turn; nothing is tried for ever.
#[derive(Debug, Default)]
pub(super) struct Mends {
    pub(super) has_shortened: bool,
    pub(super) has_continued: bool,
    pub(super) does_without_tools: bool,
}

/// What came of it so far.
#[derive(Debug, Default)]
pub(super) struct SoFar {
    pub(super) text: String,
    pub(super) files: Vec<AnsweredFile>,
    pub(super) spent: Spent,
    pub(super) rounds: u32,
}

impl Rounds {
    /// Goes on until there is an answer, or a reason to stop.
    pub(super) async fn go(&mut self) -> TurnEnding {
        let most = self.parts.settings.max_tool_rounds;
        loop {
            let mut calls = match self.ask().await {
                Ok(calls) => calls,
                Err(ending) => return ending,
            };
            if calls.is_empty() {
                if self.so_far.text.is_empty() {
                    self.tell(TurnEvent::Note("The model gave an empty answer. Ask again.".to_owned())).await;
                }
                return TurnEnding::Done;
            }
            if self.so_far.rounds >= most {
                self.decline(&calls, tool::NO_FURTHER_RUN);
                return TurnEnding::RoundsExhausted;
            }
            if self.budget.is_used_up(&self.so_far.spent) {
                self.decline(&calls, tool::TOO_COSTLY);
                return TurnEnding::CostLimit;
            }
            self.so_far.rounds += 1;
            let rest = calls.split_off(calls.len().min(MOST_CALLS));
            if let Err(ending) = self.run_all(&calls, self.so_far.rounds == most && rest.is_empty()).await {
                self.decline(&rest, tool::CANCELLED);
                return ending;
            }
            self.decline(&rest, tool::TOO_MANY_CALLS);
        }
    }

    async fn run_all(&mut self, calls: &[ToolCall], is_last_round: bool) -> Result<(), TurnEnding> {
        for (index, call) in calls.iter().enumerate() {
            let mut text = self.call(call).await;
            if is_last_round && index + 1 == calls.len() {
                text = format!("{text}\n{}", tool::LAST_ROUND);
            }
            self.conversation.said.push(Message::ToolResult { call_id: call.id.clone(), text });
            if self.stop.is_stopped() {
                self.decline(&calls[index + 1..], tool::CANCELLED);
                return Err(self.stop.ending());
            }
        }
        Ok(())
    }

    /// Answers calls that are not run: no call stays without its result.
    fn decline(&mut self, calls: &[ToolCall], reason: &str) {
        let declined =
            calls.iter().map(|call| Message::ToolResult { call_id: call.id.clone(), text: reason.to_owned() });
        self.conversation.said.extend(declined);
    }

    /// Adds what the model said to the conversation. An answer of nothing is none.
    pub(super) fn heard(&mut self, text: String, calls: &[ToolCall]) {
        if !text.is_empty() || !calls.is_empty() {
            self.conversation.said.push(Message::Assistant { text, tool_calls: calls.to_vec() });
        }
    }

    pub(super) fn question(&self) -> Question {
        let Conversation { system, history, asked, said } = &self.conversation;
        let earlier = history.iter().flatten();
        let messages = [system].into_iter().chain(earlier).chain([asked]).chain(said);
        Question {
            model: self.model.clone(),
            messages: messages.cloned().collect(),
            tools: if self.mends.does_without_tools { Vec::new() } else { vec![tool::offered()] },
            max_output_tokens: self.parts.settings.max_output_tokens,
        }
    }

    /// Says what happened. Somebody who does not listen holds nothing up once the turn is stopped, or he is gone.
    pub(super) async fn tell(&self, event: TurnEvent) {
        tokio::select! {
            biased;
            // An error says that nobody listens any more.
            _ = self.events.send(event) => {}
            () = self.stop.stopped() => {}
        }
    }
}

/// The calls that are told of, with arguments no longer than they may be.
pub(super) fn bounded(mut calls: Vec<ToolCall>) -> Vec<ToolCall> {
    calls.truncate(MOST_CALLS_TOLD);
    calls.into_iter().map(tool::bounded).collect()
}

impl Conversation {
    /// Leaves out what is not of this turn, and most of its results but the last.
    pub(super) fn shorten(&mut self) {
        self.history.clear();
        let mut results = self.said.iter_mut().rev().filter_map(|message| match message {
            Message::ToolResult { text, .. } => Some(text),
            _ => None,
        });
        results.next();
        results.for_each(|text| {
            if text.len() > SHORTENED_RESULT {
                text.truncate(text.floor_char_boundary(SHORTENED_RESULT));
                text.push_str("\n[The rest was left out, since the conversation is too long.]");
            }
        });
    }
}
