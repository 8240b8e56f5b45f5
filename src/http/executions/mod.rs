//! Running code (H1, H2): answered when it has ended, or followed while it goes on.

mod answer;
mod live;
mod log;
mod request;
mod stream;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) use self::live::LiveRuns;
use self::{answer::ExecutionAnswer, request::NewExecution};
use super::{
    access::Caller,
    body::{Document, Path},
    metrics::Watched,
    problem::{ErrorDocument, Problem},
    router::App,
};

/// The tag of these routes.
const TAG: &str = "executions";
/// What a client says that wants to follow a run.
const EVENT_STREAM: &str = "text/event-stream";

/// Whether there was a session to end.
#[derive(Debug, Serialize, ToSchema)]
struct EndedSession {
    ended: bool,
}

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(execute))
        .routes(routes!(cancel))
        .routes(routes!(events))
        .routes(routes!(end_session))
}

/// Run code
///
/// With `Accept: text/event-stream` the answer is a stream of events, each with an id: `execution` with the run's id,
/// then what happens (`queued`, `started`, `stdout`, `stderr`, `display`, `file`, `installing` …), and at last `outcome`
/// with the same document that is the answer otherwise. A client whose connection breaks goes on at
/// `/api/v1/executions/{execution_id}/events`. A run that nobody follows any more is cancelled.
#[utoipa::path(
    post, path = "/api/v1/executions", tag = TAG, request_body = NewExecution,
    responses(
        (status = 200, description = "What the run came to; what the code did wrong is part of it", content(
            (ExecutionAnswer = "application/json"), (String = "text/event-stream"),
        )),
        (status = 404, description = "One of the files is not there", body = ErrorDocument),
        (status = "4XX", description = "Why nothing was run", body = ErrorDocument),
        (status = "5XX", description = "Why nothing was run", body = ErrorDocument),
    ),
)]
async fn execute(
    State(app): State<App>,
    Caller(user): Caller,
    headers: HeaderMap,
    Document(wanted): Document<NewExecution>,
) -> Result<Response, Problem> {
    let request = wanted.into_request(app.settings().max_timeout)?;
    let run = app.executions().run(user, request).await?;
    if wants_events(&headers) {
        let live = app.live_runs().follow(user, run, app.metrics().clone());
        let mut response = stream::stream(&live, 0).into_response();
        if let Ok(place) = HeaderValue::from_str(&format!("/api/v1/executions/{}/events", live.id())) {
            response.headers_mut().insert(header::CONTENT_LOCATION, place);
        }
        return Ok(response);
    }
    let mut run = run;
    let mut watched = Watched::begin();
    while let Some(event) = run.next().await {
        watched.saw(&event);
    }
    let answered = run.answer().await;
    app.metrics().ran(&watched, &answered);
    Ok(Json(ExecutionAnswer::from(&answered?)).into_response())
}

/// Cancel a run
///
/// What it has made until then is kept, and stands in its outcome.
#[utoipa::path(
    delete, path = "/api/v1/executions/{execution_id}", tag = TAG,
    params(("execution_id" = String, Path, description = "As the event `execution` says it")),
    responses(
        (status = 204, description = "It was asked to stop, or has ended already"),
        (status = 404, description = "There is no such run of this user, or not any more", body = ErrorDocument),
        (status = "4XX", description = "Why nothing was done", body = ErrorDocument),
    ),
)]
async fn cancel(
    State(app): State<App>,
    Caller(user): Caller,
    Path(execution_id): Path<String>,
) -> Result<StatusCode, Problem> {
    app.live_runs().find(user, &execution_id).ok_or_else(unknown)?.cancel();
    Ok(StatusCode::NO_CONTENT)
}

/// Follow a run again
///
/// Gives the events after the one that `Last-Event-ID` names, or all, and then what happens. A run can be found for a
/// minute after its end.
#[utoipa::path(
    get, path = "/api/v1/executions/{execution_id}/events", tag = TAG,
    params(
        ("execution_id" = String, Path, description = "As the event `execution` says it"),
        ("Last-Event-ID" = Option<u64>, Header, description = "The id of the last event that arrived"),
    ),
    responses(
        (status = 200, description = "Events", content_type = "text/event-stream", body = String),
        (status = 404, description = "There is no such run of this user, or not any more", body = ErrorDocument),
        (status = "4XX", description = "Why nothing was done", body = ErrorDocument),
    ),
)]
async fn events(
    State(app): State<App>,
    Caller(user): Caller,
    Path(execution_id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let after = match headers.get("last-event-id") {
        None => 0,
        Some(id) => id
            .to_str()
            .ok()
            .and_then(|id| id.parse().ok())
            .ok_or_else(|| Problem::invalid("Last-Event-ID is the number of an event."))?,
    };
    let live = app.live_runs().find(user, &execution_id).ok_or_else(unknown)?;
    Ok(stream::stream(&live, after).into_response())
}

/// End the session
///
/// Its variables, imports and files are gone; the next run in a session begins a new one.
#[utoipa::path(
    delete, path = "/api/v1/session", tag = TAG,
    responses(
        (status = 200, description = "Whether there was one", body = EndedSession),
        (status = "4XX", description = "Why nothing was done", body = ErrorDocument),
    ),
)]
async fn end_session(State(app): State<App>, Caller(user): Caller) -> Json<EndedSession> {
    Json(EndedSession { ended: app.executions().end_session(user) })
}

fn wants_events(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.any(|accepted| accepted.to_ascii_lowercase().contains(EVENT_STREAM))
}

fn unknown() -> Problem {
    Problem::not_found("execution_not_found", "There is no such execution, or not any more.")
}
