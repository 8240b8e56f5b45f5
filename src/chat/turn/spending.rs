//! What a turn takes, written down answer by answer.

use super::super::{
    assistant::Parts,
    limits::Left,
    model::Question,
    tokens::{Cost, TokenCounter, Usage, count_question},
};
use crate::{catalog, identifiers::UserId};

/// What a turn took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Tokens.
    pub usage: Usage,
    /// Money, as far as the prices are known.
    pub known_cost: Cost,
    /// Answers whose price is not known.
    pub unpriced: u32,
    /// Whether some of it was counted here, since the endpoint did not say.
    pub is_estimate: bool,
}

impl Spent {
    /// What it cost; `None` when the price of some of it is not known.
    #[must_use]
    pub fn cost(&self) -> Option<Cost> {
        (self.unpriced == 0).then_some(self.known_cost)
    }
}

/// What one answer took.
#[derive(Clone, Copy, Debug)]
pub(super) enum Taken {
    /// As the endpoint says.
    Told(Usage),
    /// As it was counted here.
    Estimated(Usage),
}

/// What a turn may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    tokens: u64,
    cost: Cost,
}

impl Budget {
    /// What a turn may take, and no more than the user's day has left.
    pub(super) fn of(parts: &Parts, left: Left) -> Self {
        let settings = &parts.settings;
        Self {
            tokens: left.tokens.unwrap_or(u64::MAX).min(settings.max_turn_tokens),
            cost: left.cost.unwrap_or(settings.max_turn_cost).min(settings.max_turn_cost),
        }
    }

    pub(super) fn is_used_up(&self, spent: &Spent) -> bool {
        spent.usage.total() >= self.tokens || spent.known_cost >= self.cost
    }
}

/// What an answer took, counted here: its question and what was said of it.
pub(super) async fn counted(question: Question, answer: String) -> Taken {
    let counting = tokio::task::spawn_blocking(move || {
        let output = TokenCounter::of(&question.model).count(&answer).tokens;
        Usage { input: count_question(&question).tokens, output, ..Usage::default() }
    });
    Taken::Estimated(counting.await.unwrap_or_default())
}

impl Parts {
    /// Adds an answer to what a turn took, and to what its user did. A catalog that fails costs nobody his answer.
    pub(super) async fn book(&self, user: UserId, model: &str, spent: &mut Spent, taken: Taken) {
        let (usage, is_estimate) = match taken {
            Taken::Told(usage) => (usage, false),
            Taken::Estimated(usage) => (usage, true),
        };
        let (day, is_first) = (self.today(), *spent == Spent::default());
        let cost = self.settings.prices.cost(model, day, usage);
        spent.usage = spent.usage + usage;
        spent.is_estimate |= is_estimate;
        match cost {
            Some(cost) => spent.known_cost = spent.known_cost + cost,
            None => spent.unpriced += 1,
        }
        let booked = catalog::Usage {
            messages: u64::from(is_first),
            input_tokens: usage.input,
            cached_tokens: usage.cached_input,
            output_tokens: usage.output,
            reasoning_tokens: usage.reasoning,
            cost_micro_usd: cost.map(Cost::micros).unwrap_or_default(),
            unpriced: u64::from(cost.is_none()),
            estimated: u64::from(is_estimate),
            ..catalog::Usage::default()
        };
        if let Err(error) = self.catalog.add_usage(user, day, model, &booked).await {
            tracing::error!(%user, model, %error, "what an answer took was not written down");
        }
    }
}
