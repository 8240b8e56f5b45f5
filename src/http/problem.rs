//! What is said when something cannot be done: always in the same form, a code for programs and a sentence for people.

use std::{borrow::Cow, time::Duration};

use axum::{
    Json,
    extract::{
        multipart::{MultipartError, MultipartRejection},
        rejection::{PathRejection, QueryRejection},
    },
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::Utc;
use serde::Serialize;
use utoipa::ToSchema;

use super::requests;
use crate::{
    catalog::CatalogError,
    executions::{ExecutionError, LimitReached},
    files::StoreError,
    interpreter::InterpreterError,
};

/// Something that cannot be done.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    status: StatusCode,
    code: &'static str,
    message: Cow<'static, str>,
    retry_after: Option<Duration>,
}

/// The answer to every request that cannot be done.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ErrorDocument {
    error: ErrorPart,
}

#[derive(Debug, Serialize, ToSchema)]
struct ErrorPart {
    /// For programs: it stays the same from version to version.
    #[schema(example = "file_not_found")]
    code: &'static str,
    /// For people: what happened and what to do.
    #[schema(example = "File not found")]
    message: Cow<'static, str>,
    /// Under which the server's log says more.
    request_id: String,
}

impl Problem {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code, message: message.into(), retry_after: None }
    }

    pub(super) fn invalid(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_request", message)
    }

    pub(super) fn too_large(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
    }

    pub(super) fn too_slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "too_slow", "The request took too long to arrive. Send it again.")
    }

    pub(super) fn not_found(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message)
    }

    pub(super) fn unavailable(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, message).retry_after(Duration::from_secs(1))
    }

    /// Something that is not for those who ask: the log says what.
    pub(super) fn internal(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "a request failed");
        let message = "The server could not do this. Its log says why, under the request's id.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
    }

    pub(super) fn retry_after(mut self, after: Duration) -> Self {
        self.retry_after = Some(after);
        self
    }

    pub(super) fn code(&self) -> &'static str {
        self.code
    }

    pub(super) fn message(&self) -> &str {
        &self.message
    }

    pub(super) fn document(&self) -> ErrorDocument {
        let part = ErrorPart { code: self.code, message: self.message.clone(), request_id: requests::current_id() };
        ErrorDocument { error: part }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.document())).into_response();
        let headers = response.headers_mut();
        if let Some(after) = self.retry_after {
            let seconds = after.as_secs() + u64::from(after.subsec_nanos() > 0);
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<ExecutionError> for Problem {
    fn from(error: ExecutionError) -> Self {
        match error {
            ExecutionError::FileNotFound => Self::not_found("file_not_found", "File not found"),
            ExecutionError::LimitReached(limit) => limit.into(),
            ExecutionError::NotGenerated => Self::new(StatusCode::FORBIDDEN, "not_generated", error.to_string()),
            ExecutionError::NoFreeId => Self::unavailable("no_free_id", error.to_string()),
            ExecutionError::ShuttingDown => Self::unavailable("shutting_down", error.to_string()),
            ExecutionError::Store(error) => error.into(),
            ExecutionError::Catalog(error) => error.into(),
            ExecutionError::Interpreter(error) => error.into(),
            ExecutionError::Workspace(_) => Self::internal(&error),
        }
    }
}

impl From<LimitReached> for Problem {
    fn from(limit: LimitReached) -> Self {
        let until = limit.until.timestamp() - Utc::now().timestamp();
        Self::new(StatusCode::TOO_MANY_REQUESTS, "limit_reached", limit.to_string())
            .retry_after(Duration::from_secs(u64::try_from(until).unwrap_or_default().max(1)))
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::TooLarge { .. } => Self::too_large(error.to_string()),
            StoreError::Source { .. } => Self::new(StatusCode::BAD_REQUEST, "cut_off", error.to_string()),
            StoreError::Missing => Self::not_found("file_not_found", "File not found"),
            StoreError::Full => {
                tracing::error!(%error, "a file could not be stored");
                Self::new(StatusCode::INSUFFICIENT_STORAGE, "disk_full", error.to_string())
            }
            _ => Self::internal(&error),
        }
    }
}

impl From<CatalogError> for Problem {
    fn from(error: CatalogError) -> Self {
        match error {
            CatalogError::Away { .. } | CatalogError::Closed => {
                tracing::error!(%error, "the catalog does not answer");
                Self::unavailable("catalog_away", "The server's catalog does not answer. Try again in a moment.")
            }
            CatalogError::Full { .. } => {
                tracing::error!(%error, "the catalog has no room");
                Self::new(StatusCode::INSUFFICIENT_STORAGE, "disk_full", "The server's disk is full.")
            }
            _ => Self::internal(&error),
        }
    }
}

impl From<InterpreterError> for Problem {
    fn from(error: InterpreterError) -> Self {
        match error {
            InterpreterError::Busy { .. } => Self::unavailable("busy", error.to_string()),
            InterpreterError::ShuttingDown => Self::unavailable("shutting_down", error.to_string()),
            InterpreterError::InvalidRequest(sentence) => Self::invalid(sentence),
            _ => Self::internal(&error),
        }
    }
}

impl From<PathRejection> for Problem {
    fn from(_: PathRejection) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_path", "The path is not valid UTF-8.")
    }
}

impl From<QueryRejection> for Problem {
    fn from(error: QueryRejection) -> Self {
        Self::invalid(error.body_text())
    }
}

impl From<MultipartRejection> for Problem {
    fn from(_: MultipartRejection) -> Self {
        let message = "Send the files as multipart/form-data, each in a part named `file` with a file name.";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_multipart", message)
    }
}

impl From<MultipartError> for Problem {
    fn from(error: MultipartError) -> Self {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return Self::too_large("The request has more bytes than this server takes at once. Send fewer files.");
        }
        Self::new(StatusCode::BAD_REQUEST, "cut_off", "The upload is not whole multipart/form-data. Send it again.")
    }
}
