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
    // A request is as early as it came, however long this server takes.
    let arrived = inside.clock.now();
    let path = received.path.strip_prefix("/api/v10").unwrap_or_default().to_owned();
    let Some(route) = Route::of(&received.method, &path) else {
        let what = format!("{} {}", received.method, received.path);
        inside.with(|world| world.violations.add(format!("{what}: there is no such route, or it is not spoken here")));
        return Some(Refusal::new(404, 0, "404: Not Found").reply());
    };
    let form = Form::read(&received).await;
    // Before the world is locked, since it takes its time.
    let mistakes = form.as_ref().map(|form| mistakes_of_request(&route, &received, form)).unwrap_or_default();
    let gates = Gates { route: &route, path: &path, received: &received, form: &form, mistakes };
    let (effect, reply) = inside.at(arrived, |world| {
        if world.limits.is_too_early(world.now, &route, &path) {
            world.violations.add(format!("{} was asked before its Retry-After was over", route.name()));
        }
        let effect = world.faults.take(&route.name()).map(super::faults::Trouble::effect);
        let reply = match &effect {
            Some(Effect::Answer(reply)) => Some(reply.clone()),
            Some(Effect::Cut) => None,
            _ => Some(gates.considered(world)),
        };
        let reply = if matches!(effect, Some(Effect::CutAfterwards)) { None } else { reply };
        if let Some(reply) = &reply {
            world.limits.close(world.now, &route, &path, reply);
        }
        record(world, &route, &path, &form, reply.as_ref());
        (effect, reply)
    });
    if let Some(reply) = &reply {
        check_answer(inside, &route, reply);
    }
    if let Some(Effect::Later(pause)) = effect {
        tokio::time::sleep(pause).await;
    }
    reply
}

fn mistakes_of_request(route: &Route, received: &Received, form: &Form) -> Vec<Mistake> {
    let mut mistakes = DOCUMENT.mistakes_of_request(route, form.json.as_ref());
    mistakes.extend(DOCUMENT.mistakes_of_query(route, &received.query));
    mistakes
}

/// Holds what is answered here against the document.
fn check_answer(inside: &Arc<Inside>, route: &Route, reply: &Reply) {
    for mistake in DOCUMENT.mistakes_of_answer(route, reply.status, reply.json.as_ref()) {
        let sentence = format!("this server's own {} to {}: {}", reply.status, route.name(), mistake.told());
        inside.with(|world| world.violations.add(sentence));
    }
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

/// What a request must pass.
struct Gates<'a> {
    route: &'a Route,
    path: &'a str,
    received: &'a Received,
    form: &'a Result<Form, Refusal>,
    mistakes: Vec<Mistake>,
}

impl Gates<'_> {
    fn considered(&self, world: &mut World) -> Reply {
        let budget = match world.limits.spend(world.now, self.route, self.path) {
            Ok(budget) => budget,
            Err(reply) => return reply,
        };
        let answered = identity(world, self.route, self.received).and_then(|()| self.dispatched(world));
        let reply = answered.unwrap_or_else(|refusal| {
            if let Some(sentence) = refusal.violation(&self.route.name()) {
                world.violations.add(sentence);
            }
            refusal.reply()
        });
        reply.with_headers(&budget)
    }

    fn dispatched(&self, world: &mut World) -> Result<Reply, Refusal> {
        let form = self.form.as_ref().map_err(Clone::clone)?;
        if !self.mistakes.is_empty() {
            return Err(Refusal::mistaken(&self.mistakes));
        }
        let parts = self.path.trim_start_matches('/').split('/').collect();
        routes::dispatch(world, &Asked { route: self.route, parts, query: &self.received.query, form })
    }
}

/// Who asks.
fn identity(world: &mut World, route: &Route, received: &Received) -> Result<(), Refusal> {
    let agent = received.header("user-agent").unwrap_or_default();
    if !agent.starts_with("DiscordBot (") {
        let sentence = format!("{} was asked by {agent:?}, not by DiscordBot (url, version)", route.name());
        world.violations.add(sentence);
    }
    // Those carry their own token in their path, and this needs none.
    let is_open = ["/interactions/", "/webhooks/"].iter().any(|start| route.template.starts_with(start));
    let is_known = received.header("authorization") == Some(&format!("Bot {}", world.token));
    if !is_open && !is_known && route.template != "/gateway" {
        return Err(Refusal::new(401, 0, "401: Unauthorized"));
    }
    Ok(())
}

/// Discord's errors in a form.
fn errors(mistakes: &[Mistake]) -> Value {
    nested(mistakes)
}
