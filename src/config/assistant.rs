//! Settings of the assistant: which model, where, and how much.

use std::{ops::RangeInclusive, path::PathBuf};

use super::{
    reader::{Reader, Reported},
    secret::Secret,
    setting::{
        DAILY_COST_USD, DAILY_MESSAGES, DAILY_TOKENS, MAX_TOOL_ROUNDS, OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL,
        PRICES_FILE,
    },
};
use crate::chat::{DailyLimits, model::Address, tokens::Cost};

const ROUNDS: RangeInclusive<u32> = 1..=50;

/// Which model, where, and how much.
#[derive(Clone, Debug, PartialEq)]
pub struct Assistant {
    /// `OPENAI_BASE_URL`; `None` where neither that nor a key is set, and there is no assistant (U15).
    pub address: Option<Address>,
    /// `OPENAI_API_KEY`.
    pub key: Option<Secret>,
    /// The first of `OPENAI_MODEL`.
    pub model: String,
    /// The others.
    pub other_models: Vec<String>,
    /// `MAX_TOOL_ROUNDS`.
    pub max_tool_rounds: u32,
    /// `PRICES_FILE`.
    pub prices_file: Option<PathBuf>,
    /// `DAILY_MESSAGES`, `DAILY_TOKENS`, `DAILY_COST_USD`.
    pub daily: DailyLimits,
}

impl Assistant {
    pub(super) fn read<L: Fn(&str) -> Option<String>>(reader: &mut Reader<L>) -> Result<Self, Reported> {
        let key = reader.read_optional(&OPENAI_API_KEY, |text| Some(text.into()));
        let address = reader.read(&OPENAI_BASE_URL, |text| text.parse().ok());
        let models = reader.read(&OPENAI_MODEL, parse_models);
        let rounds = reader.read(&MAX_TOOL_ROUNDS, |text| text.parse().ok().filter(|rounds| ROUNDS.contains(rounds)));
        let prices_file = reader.read_optional(&PRICES_FILE, |text| Some(PathBuf::from(text)));
        let messages = reader.read_optional(&DAILY_MESSAGES, parse_count);
        let tokens = reader.read_optional(&DAILY_TOKENS, parse_count);
        let cost = reader.read_optional(&DAILY_COST_USD, parse_cost);
        let is_configured = reader.is_given(&OPENAI_API_KEY) || reader.is_given(&OPENAI_BASE_URL);
        let (model, other_models) = models?;
        Ok(Self {
            address: Some(address?).filter(|_| is_configured),
            key: key?,
            model,
            other_models,
            max_tool_rounds: rounds?,
            prices_file: prices_file?,
            daily: DailyLimits { messages: messages?, tokens: tokens?, micro_usd: cost? },
        })
    }
}

fn parse_models(text: &str) -> Option<(String, Vec<String>)> {
    let mut names: Vec<String> = text.split(',').map(|name| name.trim().to_owned()).collect();
    if names.iter().any(String::is_empty) {
        return None;
    }
    let first = names.remove(0);
    Some((first, names))
}

fn parse_count(text: &str) -> Option<u64> {
    text.parse().ok().filter(|count| *count > 0)
}

fn parse_cost(text: &str) -> Option<u64> {
    Cost::from_dollars(text).map(Cost::micros).filter(|micros| *micros > 0)
}
