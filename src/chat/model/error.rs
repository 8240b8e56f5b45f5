//! Why there is no answer, in sentences for people (A7).

use std::time::Duration;

use chrono::{DateTime, Utc};
use thiserror::Error;

/// Why a model gave no answer, or no whole one. Nothing of it names the key.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ModelError {
    /// The endpoint does not know the key, or wants one.
    #[error("The model's endpoint does not accept the key. Check OPENAI_API_KEY.")]
    WrongKey,
    /// The key is known and may not do this.
    #[error("The key may not be used for the model `{model}`. Choose another model, or ask whoever owns the key.")]
    NotAllowed {
        /// The model that was asked.
        model: String,
    },
    /// The account behind the key cannot pay.
    #[error("The account behind the key has no credit left. It has to be topped up before the model answers again.")]
    NoCredit,
    /// There is no such model.
    #[error("The endpoint does not know the model `{model}`. Check OPENAI_MODEL.")]
    UnknownModel {
        /// The model that was asked.
        model: String,
    },
    /// More was sent than the model can read.
    #[error("The conversation is longer than the model can read. Start a new one, or send less.")]
    TooLong,
    /// Too much was asked in too short a time, and waiting did not help or would take too long.
    #[error("The endpoint gets more questions than it takes. {}", again_after(*.until))]
    RateLimited {
        /// When it may be asked again, where it said so.
        until: Option<DateTime<Utc>>,
    },
    /// No connection could be made, or it ended before anything was said.
    #[error("The model's endpoint cannot be reached ({reason}). Check OPENAI_BASE_URL, or try again later.")]
    Away {
        /// What the network said.
        reason: String,
    },
    /// The endpoint has a problem of its own.
    #[error("The model's endpoint has a problem of its own (status {status}). {}", again_after(*.until))]
    Failing {
        /// The HTTP status, or the one the endpoint wrote into its answer; 500 where it wrote none.
        status: u16,
        /// When it may be asked again, where it said so.
        until: Option<DateTime<Utc>>,
    },
    /// The endpoint was silent for too long, or did not come to an end.
    #[error("The model took longer than {} seconds. Try again, or ask for less at once.", .limit.as_secs())]
    TimedOut {
        /// How long it was given.
        limit: Duration,
    },
    /// The connection ended, and what was said before is not the whole answer.
    #[error("The connection ended in the middle of the answer. Ask again.")]
    CutOff,
    /// The provider does not let the model answer this.
    #[error("The model's provider refuses to answer this because of its content. Ask in another way.")]
    RefusedContent,
    /// What answers there is something else, such as a web page.
    #[error("What answers at {address} is not a model's endpoint. Check OPENAI_BASE_URL, which often ends with /v1.")]
    NotAnEndpoint {
        /// Where it answers.
        address: String,
    },
    /// The endpoint sends its callers elsewhere, and the key does not go along.
    #[error("The endpoint sends its callers to {host}. If that is right, put its address into OPENAI_BASE_URL.")]
    Redirected {
        /// Where to.
        host: String,
    },
    /// The endpoint refused the request for another reason.
    #[error("The endpoint refused the request (status {status}): {message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// What it said, in at most 300 characters.
        message: String,
    },
    /// The answer is not what the endpoint's dialect allows.
    #[error("The endpoint's answer cannot be understood. Check that it speaks as OpenAI's does.")]
    Unreadable,
    /// The answer is larger than any text should be.
    #[error("The endpoint's answer is larger than {megabytes} MB and was not read further.")]
    TooLarge {
        /// How much is read at most.
        megabytes: usize,
    },
}

impl ModelError {
    /// Whether the same question may be answered a moment later.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::RateLimited { .. } | Self::Away { .. } | Self::CutOff => true,
            // Of the statuses that mean a wrong request, these mean a wrong moment.
            Self::Failing { status, .. } => *status >= 500 || [408, 409, 425].contains(status),
            _ => false,
        }
    }

    /// When the endpoint wants to be asked again, where it said so.
    #[must_use]
    pub fn until(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::RateLimited { until } | Self::Failing { until, .. } => *until,
            _ => None,
        }
    }
}

fn again_after(until: Option<DateTime<Utc>>) -> String {
    match until {
        Some(until) => format!("Try again after {} UTC.", until.format("%Y-%m-%d %H:%M:%S")),
        None => "Try again in a minute.".to_owned(),
    }
}
