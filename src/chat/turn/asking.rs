//! One answer of the model; where it breaks it is mended once, and nothing is said twice (A7).

use futures_util::StreamExt as _;

use super::{
    super::model::{Delta, FinishReason, Message, ModelError, Part, Question, Reasoned, ToolCall},
    TurnEnding, TurnEvent,
    rounds::{Rounds, bounded},
    spending::{Taken, counted},
};

/// The longest text of one answer, in bytes; what follows is not listened to.
const LONGEST_TEXT: usize = 64 * 1024;
/// What the model is told when it was cut off.
const GO_ON: &str =
    "[The connection broke in the middle of your answer. Go on exactly where it ends, and repeat nothing.]";
const TELL_SHORTENED: &str =
    "The conversation is longer than the model can read, so it goes on without what was said before.";
const TELL_CONTINUED: &str = "The connection to the model broke in the middle of its answer; it goes on from there.";
const TELL_WITHOUT_TOOLS: &str = "This model cannot run code, so it answers from what it knows.";
const TELL_TOO_LONG: &str = "The answer became too long and ends here.";
const TELL_LENGTH: &str = "The answer is as long as the model may make it, and ends here.";

/// What the model has said of an answer.
#[derive(Debug, Default)]
struct Said {
    text: String,
    calls: Vec<ToolCall>,
    reasoned: Option<Reasoned>,
}

/// Why there is nothing further to hear.
enum Ended {
    Whole,
    Stopped,
    Failed(ModelError),
}

impl Rounds {
    /// Asks the model, and gives what it wants to have run. What it said is part of the conversation then.
    pub(super) async fn ask(&mut self) -> Result<Vec<ToolCall>, TurnEnding> {
        let (mut said, mut is_continued) = (Said::default(), false);
        loop {
            let question = self.question_after(&said.text);
            match self.listen(question, &mut said).await {
                Ended::Whole => {
                    let calls = bounded(said.calls);
                    // What the model is to go on from stands before what it said.
                    let reasoned = said.reasoned.filter(|_| !calls.is_empty() && !is_continued).map(Message::Reasoned);
                    self.conversation.said.extend(reasoned);
                    self.heard(said.text, &calls);
                    return Ok(calls);
                }
                Ended::Failed(error) => {
                    let Some(note) = self.mend(&error, &said) else {
                        self.heard(said.text, &[]);
                        return Err(TurnEnding::Failed(error));
                    };
                    is_continued |= !said.text.is_empty();
                    self.tell(TurnEvent::Note(note.to_owned())).await;
                }
                Ended::Stopped => {
                    self.heard(said.text, &[]);
                    return Err(self.stop.ending());
                }
            }
        }
    }

    fn question_after(&self, said: &str) -> Question {
        let mut question = self.question();
        if !said.is_empty() {
            question.messages.extend([
                Message::Assistant { text: said.to_owned(), tool_calls: Vec::new() },
                Message::User(vec![Part::Text(GO_ON.to_owned())]),
            ]);
        }
        question
    }

    /// Changes what can be changed so that the next attempt goes better, and says what; `None` when nothing can.
    fn mend(&mut self, error: &ModelError, said: &Said) -> Option<&'static str> {
        let mends = &mut self.mends;
        let nothing_said = said.text.is_empty();
        match error {
            ModelError::TooLong if nothing_said && !mends.has_shortened => {
                mends.has_shortened = true;
                self.conversation.shorten();
                Some(TELL_SHORTENED)
            }
            error if nothing_said && !mends.does_without_tools && refuses_tools(error) => {
                mends.does_without_tools = true;
                Some(TELL_WITHOUT_TOOLS)
            }
            error if !nothing_said && !mends.has_continued && error.may_pass() => {
                mends.has_continued = true;
                Some(TELL_CONTINUED)
            }
            _ => None,
        }
    }

    /// Listens to an answer until it ends, and writes down what it took.
    async fn listen(&mut self, question: Question, said: &mut Said) -> Ended {
        let mut answer = self.parts.model.answer(question.clone());
        let (before, mut usage) = (said.text.len(), None);
        let ended = loop {
            let delta = tokio::select! {
                biased;
                () = self.stop.stopped() => break Ended::Stopped,
                delta = answer.next() => delta,
            };
            match delta {
                Some(Ok(Delta::Text(text))) => {
                    self.hear(text, said).await;
                    if said.text.len() > LONGEST_TEXT {
                        self.tell(TurnEvent::Note(TELL_TOO_LONG.to_owned())).await;
                        break Ended::Whole;
                    }
                }
                Some(Ok(Delta::ToolCall(call))) => said.calls.push(call),
                Some(Ok(Delta::Reasoned(reasoned))) => said.reasoned = Some(reasoned),
                Some(Ok(Delta::Waiting { pause, reason })) => self.tell(TurnEvent::Waiting { pause, reason }).await,
                Some(Ok(Delta::Finished(finished))) => {
                    usage = finished.usage;
                    if finished.reason == FinishReason::Length {
                        self.tell(TurnEvent::Note(TELL_LENGTH.to_owned())).await;
                    }
                    break Ended::Whole;
                }
                Some(Err(error)) => break Ended::Failed(error),
                None => break Ended::Failed(ModelError::CutOff),
            }
        };
        drop(answer);
        let has_answered = matches!(ended, Ended::Whole) || said.text.len() > before || !said.calls.is_empty();
        if !has_answered {
            return ended;
        }
        let taken = if let Some(usage) = usage {
            Taken::Told(usage)
        } else {
            let calls = said.calls.iter().map(|call| call.arguments.as_str());
            let heard: String = std::iter::once(&said.text[before..]).chain(calls).collect();
            counted(question, heard).await
        };
        self.parts.book(self.user, &self.model, &mut self.so_far.spent, taken).await;
        ended
    }

    /// Passes on what was said. What is said after a run begins a paragraph.
    async fn hear(&mut self, text: String, said: &mut Said) {
        let begins = said.text.is_empty() && !text.is_empty() && !self.so_far.text.is_empty();
        said.text.push_str(&text);
        let shown = if begins { format!("\n\n{text}") } else { text };
        self.so_far.text.push_str(&shown);
        self.tell(TurnEvent::Text(shown)).await;
    }
}

/// Whether the endpoint says that the model takes no tools.
fn refuses_tools(error: &ModelError) -> bool {
    match error {
        ModelError::Refused { status, message } => {
            let message = message.to_lowercase();
            [400, 404, 422].contains(status) && message.contains("support") && message.contains("tool")
        }
        _ => false,
    }
}
