//! How everything is doing: for people and programs (X16), and for those who keep the server running.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    access::Caller,
    metrics,
    problem::{ErrorDocument, Problem},
    router::App,
};
use crate::executions::Status;

/// The tag of these routes.
const TAG: &str = "operation";

/// How everything is doing.
#[derive(Debug, Serialize, ToSchema)]
struct StatusDocument {
    venv_exists: bool,
    python_path: String,
    python_version: String,
    /// Each as `name==version`.
    installed_packages: Vec<String>,
    package_count: usize,
    last_cleanup: Option<DateTime<Utc>>,
    total_user_files: u64,
    total_file_size_mb: f64,
    /// -1 is for ever.
    file_expiration_hours: f64,
    max_file_size_mb: f64,
    max_files_per_user: usize,
    /// `thread` or `process`.
    isolation: &'static str,
    protections: Vec<ProtectionDocument>,
    workers_busy: usize,
    workers_idle: usize,
    sandboxes_ready: usize,
    queue_length: usize,
    uptime_seconds: f64,
}

/// Something that protects the machine from the code.
#[derive(Debug, Serialize, ToSchema)]
struct ProtectionDocument {
    name: String,
    in_force: bool,
    /// What it stops, or why it is not in force.
    detail: String,
}

/// Whether the server can do its work.
#[derive(Debug, Serialize, ToSchema)]
struct Readiness {
    ready: bool,
    /// What is missing, each in a sentence.
    reasons: Vec<String>,
}

/// The server is alive.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// `ok`.
    status: &'static str,
}

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(status))
        .routes(routes!(health))
        .routes(routes!(readiness))
        .routes(routes!(measured))
}

/// See how everything is doing
#[utoipa::path(
    get, path = "/api/v1/status", tag = TAG,
    responses(
        (status = 200, description = "Python, packages, files, protections, workers, queue", body = StatusDocument),
        (status = "4XX", description = "Why nothing is said", body = ErrorDocument),
    ),
)]
async fn status(State(app): State<App>, _: Caller) -> Result<Json<StatusDocument>, Problem> {
    Ok(Json(app.executions().status().await?.into()))
}

/// Ask whether the server is alive
#[utoipa::path(get, path = "/healthz", tag = TAG, security(()), responses((status = 200, description = "It is", body = Health)))]
async fn health() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Ask whether the server can do its work
///
/// Python, the catalog and the sandboxes are there, and it is not about to end.
#[utoipa::path(
    get, path = "/readyz", tag = TAG, security(()),
    responses((status = 200, description = "It can", body = Readiness), (status = 503, description = "It cannot", body = Readiness)),
)]
async fn readiness(State(app): State<App>) -> Response {
    let mut reasons = Vec::new();
    if app.is_ending() {
        reasons.push("The server is shutting down.".to_owned());
    }
    match app.executions().status().await {
        Ok(status) => {
            let interpreter = status.interpreter;
            if !interpreter.venv_exists {
                reasons.push("The Python environment is gone.".to_owned());
            }
            if interpreter.workers_busy + interpreter.workers_idle == 0 {
                reasons.push("There are no workers.".to_owned());
            }
        }
        // What it says may name places on this machine.
        Err(error) => {
            tracing::error!(%error, "the catalog does not answer");
            reasons.push("The catalog does not answer.".to_owned());
        }
    }
    let status = if reasons.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready: reasons.is_empty(), reasons })).into_response()
}

/// Read measurements
///
/// As Prometheus takes them: requests, runs, workers, queue, files.
#[utoipa::path(
    get, path = "/metrics", tag = TAG,
    responses(
        (status = 200, description = "Measurements", content_type = "application/openmetrics-text", body = String),
        (status = "4XX", description = "Why nothing is said", body = ErrorDocument),
    ),
)]
async fn measured(State(app): State<App>, _: Caller) -> Result<Response, Problem> {
    let status = app.executions().status().await?;
    let text = app.metrics().text(&status).map_err(|error| Problem::internal(&error))?;
    Ok(([(header::CONTENT_TYPE, metrics::MEDIA_TYPE)], text).into_response())
}

impl From<Status> for StatusDocument {
    #[expect(clippy::cast_precision_loss, reason = "sizes in MB need no more than 52 bits")]
    fn from(status: Status) -> Self {
        const MB: f64 = 1024.0 * 1024.0;
        let file_expiration_hours = status.file_expiration_hours();
        let interpreter = status.interpreter;
        let packages = interpreter.installed_packages.iter();
        let protections = interpreter.protections.into_iter();
        Self {
            venv_exists: interpreter.venv_exists,
            python_path: interpreter.python_path.display().to_string(),
            python_version: interpreter.python_version,
            installed_packages: packages.map(|(name, version)| format!("{name}=={version}")).collect(),
            package_count: interpreter.package_count,
            last_cleanup: status.last_cleanup,
            total_user_files: status.total_user_files,
            total_file_size_mb: status.total_file_bytes as f64 / MB,
            file_expiration_hours,
            max_file_size_mb: status.limits.max_file_bytes as f64 / MB,
            max_files_per_user: status.limits.max_files_per_user,
            isolation: interpreter.isolation.name(),
            protections: protections
                .map(|protection| ProtectionDocument {
                    name: protection.name,
                    in_force: protection.in_force,
                    detail: protection.detail,
                })
                .collect(),
            workers_busy: interpreter.workers_busy,
            workers_idle: interpreter.workers_idle,
            sandboxes_ready: interpreter.sandboxes_ready,
            queue_length: interpreter.queue_length,
            uptime_seconds: interpreter.uptime.as_secs_f64(),
        }
    }
}
