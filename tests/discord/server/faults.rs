use std::{collections::VecDeque, time::Duration};

use super::rest::{Refusal, Reply};

/// Something that goes wrong with a request to the API.
#[derive(Clone, Debug)]
pub(crate) enum Trouble {
    /// 500 as Discord's own servers say it, any other as the ones before them do: as a web page.
    Status(u16),
    /// 429 of a route, or of all.
    RateLimited { retry_after: Duration, global: bool },
    /// 413 with code 40005, whatever the size is.
    TooLarge,
    /// A refusal with a status and one of Discord's codes.
    Refused { status: u16, code: u64 },
    /// Done, but answered late.
    Delayed(Duration),
    /// The connection ends before anything was done.
    Cut,
    /// It is done, and the connection ends before the answer.
    AnswerLost,
}

/// What will go wrong, in order.
#[derive(Default)]
pub(crate) struct Faults {
    awaited: VecDeque<(String, Trouble)>,
}

/// What a trouble does to a request.
pub(crate) enum Effect {
    /// Answered so, and not looked at.
    Answer(Reply),
    Later(Duration),
    Cut,
    CutAfterwards,
}

impl Faults {
    pub(crate) fn add(&mut self, route: &str, times: usize, trouble: &Trouble) {
        self.awaited.extend((0..times).map(|_| (route.to_owned(), trouble.clone())));
    }

    /// The next trouble of a route; `*` is any.
    pub(crate) fn take(&mut self, route: &str) -> Option<Trouble> {
        let place = self.awaited.iter().position(|(awaited, _)| awaited == route || awaited == "*")?;
        self.awaited.remove(place).map(|(_, trouble)| trouble)
    }

    /// How many have not come to pass.
    pub(crate) fn left(&self) -> usize {
        self.awaited.len()
    }
}

impl Trouble {
    pub(crate) fn effect(self) -> Effect {
        match self {
            Self::Status(500) => Effect::Answer(Refusal::new(500, 0, "500: Internal Server Error").reply()),
            Self::Status(status) => {
                let page = format!("<html><head><title>{status}</title></head><body>cloudflare</body></html>");
                Effect::Answer(Reply::raw(status, "text/html", page.into_bytes()))
            }
            Self::RateLimited { retry_after, global } => {
                Effect::Answer(Reply::too_many(retry_after, if global { "global" } else { "user" }))
            }
            Self::TooLarge => Effect::Answer(Refusal::new(413, 40005, "Request entity too large").reply()),
            Self::Refused { status, code } => Effect::Answer(Refusal::new(status, code, "Refused by the test").reply()),
            Self::Delayed(pause) => Effect::Later(pause),
            Self::Cut => Effect::Cut,
            Self::AnswerLost => Effect::CutAfterwards,
        }
    }
}
