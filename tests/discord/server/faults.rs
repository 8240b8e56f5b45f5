use std::{collections::VecDeque, time::Duration};

use super::{
    Discord, Invalid, Pace,
    gateway::Order,
    rest::{Refusal, Reply},
};

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

/// What goes wrong, and what is otherwise than usual.
impl Discord {
    /// The next so many requests to a route, as `POST /channels/{channel_id}/messages` or `*`, go wrong.
    pub(crate) fn troubles(&self, route: &str, times: usize, trouble: &Trouble) {
        self.inside.with(|world| world.faults.add(route, times, trouble));
    }

    /// Every connection breaks without a word; the sessions can be resumed.
    pub(crate) fn drops_connections(&self) {
        self.order(&Order::Drop);
    }

    /// Every connection is closed with a code; after some the sessions are over.
    pub(crate) fn closes(&self, code: u16) {
        self.order(&Order::Close(code));
        if matches!(code, 1000 | 1001 | 4003..=4014) && code != 4008 {
            self.inside.with(|world| world.sessions.open.clear());
        }
    }

    /// Op 7.
    pub(crate) fn asks_to_reconnect(&self) {
        self.order(&Order::Send(serde_json::json!({ "op": 7, "s": null, "t": null, "d": null })));
    }

    /// Op 9.
    pub(crate) fn invalidates(&self, invalid: Invalid) {
        let may_resume = invalid == Invalid::Resumable;
        self.order(&Order::Send(serde_json::json!({ "op": 9, "s": null, "t": null, "d": may_resume })));
        if !may_resume {
            self.inside.with(|world| world.sessions.open.clear());
        }
    }

    /// The next so many IDENTIFYs and RESUMEs are answered with op 9.
    pub(crate) fn turns_away(&self, times: usize, invalid: Invalid) {
        self.inside.with(|world| world.sessions.conduct.invalid = (times, invalid));
    }

    /// The next so many connections are closed with a code before anything is said.
    pub(crate) fn closes_next(&self, times: usize, code: u16) {
        self.inside.with(|world| world.sessions.conduct.closes = (times, code));
    }

    /// Whether heartbeats are acknowledged, from now on.
    pub(crate) fn acknowledges_heartbeats(&self, does: bool) {
        self.inside.with(|world| world.sessions.conduct.acknowledges = does);
    }

    /// How often those who connect from now on must be heard of.
    pub(crate) fn wants_heartbeats_every(&self, interval: Duration) {
        self.inside.with(|world| world.sessions.conduct.heartbeat = interval);
    }

    /// The owner of the application has not ticked the boxes for privileged intents.
    pub(crate) fn grants_no_privileged_intents(&self) {
        self.inside.with(|world| world.privileged_intents = 0);
    }

    /// The token is reset: the bot's is wrong from now on.
    pub(crate) fn resets_token(&self) {
        self.inside.with(|world| world.token.push('x'));
    }

    /// Bytes that each file of the bot may have from now on, as interactions tell it.
    pub(crate) fn takes_files_up_to(&self, bytes: usize) {
        self.inside.with(|world| world.upload_limit = bytes);
    }

    pub(crate) fn keeps_pace(&self, pace: Pace) {
        self.inside.with(|world| world.limits.pace = pace);
    }

    fn order(&self, order: &Order) {
        self.inside.with(|world| assert!(world.sessions.order(order) > 0, "nobody is connected"));
    }
}
