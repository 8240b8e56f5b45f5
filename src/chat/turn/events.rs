//! What happens in a turn, and how it ends.

use std::{sync::Arc, time::Duration};

use super::{
    super::{Refusal, model::ModelError},
    Spent,
};
use crate::{
    catalog::CatalogError,
    executions::{Answer, AnsweredFile},
    interpreter::Event,
};

/// Something that happened in a turn, in its order. The outcome repeats what matters.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum TurnEvent {
    /// What follows in the answer. All of them, one after another, are [`TurnOutcome::text`].
    Text(String),
    /// The model wants this code to be run.
    RunStarted {
        /// The code.
        code: String,
    },
    /// Something happened in the run.
    Run(Event),
    /// The run made a file.
    FileGenerated(Box<AnsweredFile>),
    /// The run has ended. Its files are among what it came to.
    RunEnded(Arc<Answer>),
    /// The code could not be run at all; the model is told so too.
    RunFailed {
        /// Why, in one sentence.
        reason: String,
    },
    /// The model's endpoint did not answer and is asked again.
    Waiting {
        /// How long until then.
        pause: Duration,
        /// Why.
        reason: ModelError,
    },
    /// A sentence for the user.
    Note(String),
}

/// What a turn came to.
#[derive(Debug)]
#[non_exhaustive]
pub struct TurnOutcome {
    /// All that the model said. What it said before and after a run is parted by an empty line.
    pub text: String,
    /// What its code made; the bytes can be read while this lives.
    pub files: Vec<AnsweredFile>,
    /// What it took.
    pub spent: Spent,
    /// How often code was run and looked at.
    pub rounds: u32,
    /// Why it ended.
    pub ending: TurnEnding,
    /// Whether later turns know of it. One in which the model said nothing is not remembered.
    pub is_remembered: bool,
}

/// Why a turn ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum TurnEnding {
    /// The model has said what it had to say.
    Done,
    /// The model wanted to run code once more than it may.
    RoundsExhausted,
    /// The turn has taken as many tokens, or as much money, as it or its user's day may.
    CostLimit,
    /// The turn has taken as long as it may.
    TimeLimit,
    /// It was stopped.
    Cancelled,
    /// It was not begun.
    Refused(Refusal),
    /// The model gave no answer, or no whole one.
    Failed(ModelError),
    /// The catalog failed before the model was asked.
    CatalogFailed(CatalogError),
    /// The program ends.
    ShuttingDown,
}

impl TurnEnding {
    /// What a person is told of it; `None` when all is well.
    #[must_use]
    pub fn sentence(&self) -> Option<String> {
        let sentence = match self {
            Self::Done => return None,
            Self::RoundsExhausted => "The assistant has run code as often as it may for one message. Ask it to go on.",
            Self::CostLimit => "This message has used up as much as one message may. Ask for less at once.",
            Self::TimeLimit => "This message took longer than it may. Ask for less at once.",
            Self::Cancelled => "Stopped.",
            Self::ShuttingDown => "The program is shutting down. Ask again later.",
            Self::Refused(refusal) => return Some(refusal.to_string()),
            Self::Failed(error) => return Some(error.to_string()),
            // Where the catalog is concerns nobody who chats.
            Self::CatalogFailed(_) => "What you said before cannot be read at the moment. Try again in a minute.",
        };
        Some(sentence.to_owned())
    }

    /// What the model is told later, where the answer is not whole.
    pub(super) fn remark(&self) -> Option<&'static str> {
        match self {
            Self::Done | Self::Refused(_) => None,
            Self::RoundsExhausted => Some("[The answer ends here: no further run was possible.]"),
            Self::CostLimit => Some("[The answer ends here: it would have cost too much.]"),
            Self::TimeLimit => Some("[The answer ends here: its time was over.]"),
            Self::Cancelled => Some("[The user stopped the answer here.]"),
            Self::Failed(_) | Self::CatalogFailed(_) | Self::ShuttingDown => {
                Some("[The answer ends here: the connection to the model failed.]")
            }
        }
    }
}
