//! How much a user may use up in a day.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use thiserror::Error;

use super::tokens::Cost;
use crate::{catalog, executions::LimitReached};

/// What a user may use up in a day, which begins at midnight UTC; `None` is without a limit (A6, U13). How many runs he
/// may have is limited for every edge alike, by [`DailyRuns`](crate::executions::DailyRuns).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DailyLimits {
    /// How many messages are answered.
    pub messages: Option<u64>,
    /// How many tokens, questions and answers together.
    pub tokens: Option<u64>,
    /// How much money, in millionths of a US dollar. Answers whose price is not known count for nothing.
    pub micro_usd: Option<u64>,
}

/// Why a message is not answered at all. Nothing was asked and nothing is remembered.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    /// A daily limit is reached.
    #[error("{0}")]
    Daily(LimitReached),
    /// The message is too long to be read by a model.
    #[error("Your message is longer than {most} characters. Send the text as a file instead.")]
    TooLong {
        /// How long it may be.
        most: usize,
    },
    /// There is nothing in it.
    #[error("Your message is empty. Write what you want to know.")]
    Empty,
    /// The user asks too much at once.
    #[error("{most} of your messages are being answered already. Wait for an answer, or stop one.")]
    Busy {
        /// How many are answered at once.
        most: usize,
    },
}

/// What is left of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) tokens: Option<u64>,
    pub(super) cost: Option<Cost>,
}

impl DailyLimits {
    /// Whether anything is limited.
    pub(super) fn any(&self) -> bool {
        *self != Self::default()
    }

    /// What is left after this was used.
    pub(super) fn left(&self, used: catalog::Usage, now: DateTime<Utc>, time_zone: Tz) -> Result<Left, Refusal> {
        let tokens = used.input_tokens.saturating_add(used.output_tokens);
        let reached = |limit: Option<u64>, used: u64| limit.filter(|most| used >= *most);
        let limit = reached(self.messages, used.messages)
            .map(|most| format!("{most} messages"))
            .or_else(|| reached(self.tokens, tokens).map(|most| format!("{most} tokens")))
            .or_else(|| reached(self.micro_usd, used.cost_micro_usd).map(|most| of_micros(most).to_string()));
        if let Some(limit) = limit {
            return Err(Refusal::Daily(LimitReached::today(limit, now, time_zone)));
        }
        Ok(Left {
            tokens: self.tokens.map(|most| most - tokens),
            cost: self.micro_usd.map(|most| of_micros(most - used.cost_micro_usd)),
        })
    }
}

fn of_micros(micros: u64) -> Cost {
    Cost::from_picos(micros.saturating_mul(1_000_000))
}
