//! What a request brings, within bounds.

use axum::{
    body::to_bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{StatusCode, header},
};
use serde::de::DeserializeOwned;

use super::{problem::Problem, router::App};

/// A part of the path.
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Problem))]
pub(super) struct Path<T>(pub(super) T);

/// A JSON document.
#[derive(Debug)]
pub(super) struct Document<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<App> for Document<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let media_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = media_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/json") {
            let message = "Send a JSON document, with the header `Content-Type: application/json`.";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", message));
        }
        let most = app.settings().json_bytes;
        let too_large = || Problem::too_large(format!("A JSON document may have at most {most} bytes."));
        let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        if length.is_some_and(|length: u64| length > most as u64) {
            return Err(too_large());
        }
        let body = request.into_body();
        let read = tokio::time::timeout(app.settings().body_time, to_bytes(body, most)).await;
        let bytes = read.map_err(|_| Problem::too_slow())?.map_err(|error| broken(&error).unwrap_or_else(too_large))?;
        let document = serde_json::from_slice(&bytes).map_err(|error| said_wrongly(&error))?;
        Ok(Self(document))
    }
}

/// Why a body could not be read; `None` where it was too long.
fn broken(error: &axum::Error) -> Option<Problem> {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        let text = error.to_string();
        if text.contains("length limit exceeded") {
            return None;
        }
        if error.is::<tower_http::timeout::TimeoutError>() {
            return Some(Problem::too_slow());
        }
        cause = error.source();
    }
    Some(Problem::new(StatusCode::BAD_REQUEST, "cut_off", "The request ended before its body did. Send it again."))
}

fn said_wrongly(error: &serde_json::Error) -> Problem {
    if error.is_data() {
        return Problem::invalid(format!("The JSON document is not what is expected: {error}."));
    }
    Problem::new(StatusCode::BAD_REQUEST, "invalid_json", format!("The body is no JSON document: {error}."))
}
