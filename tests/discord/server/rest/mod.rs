//! The HTTP API, version 10. Whatever comes goes through the same gates: is there such a route, may one ask it so
//! often, is the body as the document has it; and each answer is held against the document too.
//!
//! - `body`: JSON, and multipart with files.
//! - `routes`: which part answers what; `places`, `messages`, `interactions`, `followups`, `commands`.
//! - `rules`: what Discord wants of a message beyond the document.
//! - `replies`: answers and refusals; `rate_limits`: how often is too often.

mod body;
mod commands;
mod followups;
mod interactions;
mod messages;
mod places;
mod rate_limits;
mod replies;
mod routes;
mod rules;
mod written;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;

use self::body::Form;
pub(crate) use self::{
    rate_limits::{Pace, RateLimits},
    replies::{Refusal, Reply},
};
use super::{
    Inside,
    document::{DOCUMENT, Mistake, Route, nested},
    faults::Effect,
    network::Received,
    world::World,
};

/// A request to the API, for tests that want to know.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) at: DateTime<Utc>,
    /// `POST /channels/{channel_id}/messages`
    pub(crate) route: String,
    pub(crate) path: String,
    /// `payload_json` of a multipart body.
    pub(crate) body: Option<Value>,
    /// The files' names.
    pub(crate) files: Vec<String>,
    /// None where the connection was cut.
    pub(crate) status: Option<u16>,
}

/// A request whose body was read.
pub(crate) struct Asked<'a> {
    pub(crate) route: &'a Route,
    /// The path's parts below `/api/v10`.
    pub(crate) parts: Vec<&'a str>,
    pub(crate) query: &'a [(String, String)],
    pub(crate) form: &'a Form,
}

/// Answers, or does not.
pub(super) async fn answer(inside: &Arc<Inside>, received: Received) -> Option<Reply> {
    let path = received.path.strip_prefix("/api/v10").unwrap_or_default().to_owned();
    let Some(route) = Route::of(&received.method, &path) else {
        let what = format!("{} {}", received.method, received.path);
        inside.with(|world| world.violations.add(format!("{what}: there is no such route, or it is not spoken here")));
        return Some(Refusal::new(404, 0, "404: Not Found").reply());
    };
    let form = Form::read(&received).await;
    let (effect, reply) = inside.with(|world| {
        let effect = world.faults.take(&route.name()).map(super::faults::Trouble::effect);
        let reply = match &effect {
            Some(Effect::Answer(reply)) => Some(reply.clone()),
            Some(Effect::Cut) => None,
            _ => Some(considered(world, &route, &path, &received, &form)),
        };
        let reply = if matches!(effect, Some(Effect::CutAfterwards)) { None } else { reply };
        record(world, &route, &path, &form, reply.as_ref());
        (effect, reply)
    });
    if let Some(Effect::Later(pause)) = effect {
        tokio::time::sleep(pause).await;
    }
    reply
}

fn record(world: &mut World, route: &Route, path: &str, form: &Result<Form, Refusal>, reply: Option<&Reply>) {
    let status = reply.map(|reply| reply.status);
    if route.template == "/gateway" {
        world.limits.gateway_was_told = status == Some(200);
    }
    let form = form.as_ref().ok();
    let files = form.into_iter().flat_map(|form| &form.files).map(|file| file.name.clone()).collect();
    let body = form.and_then(|form| form.json.clone());
    world.requests.push(Request { at: world.now, route: route.name(), path: path.to_owned(), body, files, status });
}

/// Lets a request through the gates.
fn considered(
    world: &mut World,
    route: &Route,
    path: &str,
    received: &Received,
    form: &Result<Form, Refusal>,
) -> Reply {
    let budget = match world.limits.spend(world.now, route, path) {
        Ok(budget) => budget,
        Err(reply) => return reply,
    };
    let answered = identity(world, route, received).and_then(|()| {
        let form = form.as_ref().map_err(Clone::clone)?;
        let mut mistakes = DOCUMENT.mistakes_of_request(route, form.json.as_ref());
        mistakes.extend(DOCUMENT.mistakes_of_query(route, &received.query));
        if !mistakes.is_empty() {
            return Err(Refusal::mistaken(&mistakes));
        }
        let parts = path.trim_start_matches('/').split('/').collect();
        routes::dispatch(world, &Asked { route, parts, query: &received.query, form })
    });
    let reply = match answered {
        Ok(reply) => reply,
        Err(refusal) => {
            if let Some(sentence) = refusal.violation(&route.name()) {
                world.violations.add(sentence);
            }
            refusal.reply()
        }
    };
    for mistake in DOCUMENT.mistakes_of_answer(route, reply.status, reply.json.as_ref()) {
        let sentence = format!("this server's own {} to {}: {}", reply.status, route.name(), mistake.told());
        world.violations.add(sentence);
    }
    reply.with_headers(budget)
}

/// Who asks.
fn identity(world: &mut World, route: &Route, received: &Received) -> Result<(), Refusal> {
    let agent = received.header("user-agent").unwrap_or_default();
    if !agent.starts_with("DiscordBot (") {
        let sentence = format!("{} was asked by {agent:?}, not by DiscordBot (url, version)", route.name());
        world.violations.add(sentence);
    }
    // Those carry their own token in their path.
    if route.template.starts_with("/interactions/") || route.template.starts_with("/webhooks/") {
        return Ok(());
    }
    match received.header("authorization") == Some(&format!("Bot {}", world.token)) || route.template == "/gateway" {
        true => Ok(()),
        false => Err(Refusal::new(401, 0, "401: Unauthorized")),
    }
}

/// Discord's errors in a form.
fn errors(mistakes: &[Mistake]) -> Value {
    nested(mistakes)
}
