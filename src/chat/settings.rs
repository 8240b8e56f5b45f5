//! What holds for the assistant.

use std::{sync::Arc, time::Duration};

use chrono_tz::Tz;

use super::{
    DailyLimits,
    tokens::{Cost, Prices, bare_name},
};
use crate::interpreter::Network;

/// What holds for the assistant.
#[derive(Clone, Debug)]
pub struct AssistantSettings {
    /// `OPENAI_MODEL`: the model of users who did not choose another.
    pub model: String,
    /// The other models that users may choose.
    pub other_models: Vec<String>,
    /// Which models are shown pictures; by their names unless set.
    pub sight: Sight,
    /// `MAX_TOOL_ROUNDS`: how often in a turn code is run and looked at; 6 unless set.
    pub max_tool_rounds: u32,
    /// How many tokens a turn may take before it is ended; 200,000 unless set. Its last answer may exceed it.
    pub max_turn_tokens: u64,
    /// What a turn may cost before it is ended; 1 US dollar unless set. What is not known counts for nothing.
    pub max_turn_cost: Cost,
    /// How long a turn may take; 15 minutes unless set.
    pub max_turn_time: Duration,
    /// How long the model may make an answer, in tokens; unless set, as the endpoint says.
    pub max_output_tokens: Option<u32>,
    /// How many tokens of earlier turns the model is given; 16,000 unless set.
    pub history_tokens: u64,
    /// How long code may run at most; 300 seconds unless set.
    pub max_run_timeout: Duration,
    /// What each user may use up in a day; without limits unless set.
    pub daily: DailyLimits,
    /// `TIMEZONE`: the clocks of the users; UTC unless set.
    pub time_zone: Tz,
    /// Whether code may connect outward, which the model is told; not unless set.
    pub network: Network,
    /// What models cost. An empty list unless set: no cost is known then.
    pub prices: Arc<Prices>,
}

/// Which models are shown pictures (A5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sight {
    /// Those whose names are known as such.
    #[default]
    ByName,
    /// All.
    All,
    /// None.
    Nothing,
}

/// How the names of models begin that see: <https://platform.openai.com/docs/guides/images-vision> and the makers' own
/// lists.
const SEEING: [&str; 21] = [
    "chatgpt-4o",
    "claude-",
    "gemini-",
    "gemma-3",
    "gemma3",
    "gpt-4-turbo",
    "gpt-4.1",
    "gpt-4.5",
    "gpt-4o",
    "gpt-5",
    "grok-4",
    "llama-4",
    "llama3.2-vision",
    "llava",
    "minicpm-v",
    "mistral-small-3",
    "o1",
    "o3",
    "o4",
    "pixtral",
    "qwen2.5vl",
];
/// Names that begin like those and are blind.
const BLIND: [&str; 9] = [
    "claude-2",
    "claude-instant",
    "gemini-embedding",
    "gpt-4-turbo-preview",
    "gpt-4o-audio",
    "gpt-4o-search",
    "o1-mini",
    "o1-preview",
    "o3-mini",
];
/// Names that hold one of these see.
const SEEING_WORDS: [&str; 3] = ["vision", "-vl", "multimodal"];

impl Sight {
    /// Whether a model is shown pictures.
    pub(super) fn of(self, model: &str) -> bool {
        match self {
            Self::All => true,
            Self::Nothing => false,
            Self::ByName => {
                let name = bare_name(model).to_lowercase();
                let begins = |names: &[&str]| names.iter().any(|known| name.starts_with(known));
                let sees = begins(&SEEING) || SEEING_WORDS.iter().any(|word| name.contains(word));
                sees && !begins(&BLIND)
            }
        }
    }
}

impl AssistantSettings {
    /// The usual settings, with this model.
    #[must_use]
    pub fn of_model(model: &str) -> Self {
        Self {
            model: model.to_owned(),
            other_models: Vec::new(),
            sight: Sight::default(),
            max_tool_rounds: 6,
            max_turn_tokens: 200_000,
            max_turn_cost: Cost::from_picos(1_000_000_000_000),
            max_turn_time: Duration::from_secs(900),
            max_output_tokens: None,
            history_tokens: 16_000,
            max_run_timeout: Duration::from_secs(300),
            daily: DailyLimits::default(),
            time_zone: Tz::UTC,
            network: Network::Off,
            prices: Arc::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Sight;

    /// A5
    #[test]
    fn whether_a_model_sees_is_known_by_its_name() {
        for model in
            ["gpt-4o", "openai/gpt-4o-mini", "o3", "claude-sonnet-4-5", "qwen/qwen2.5-vl-72b:free", "gpt-5-mini"]
        {
            assert!(Sight::ByName.of(model), "{model}");
        }
        for model in
            ["gpt-3.5-turbo", "o3-mini", "gpt-4o-audio-preview", "deepseek-chat", "llama-3.3-70b", "test-model"]
        {
            assert!(!Sight::ByName.of(model), "{model}");
        }
        assert!(Sight::All.of("test-model") && !Sight::Nothing.of("gpt-4o"));
    }
}
