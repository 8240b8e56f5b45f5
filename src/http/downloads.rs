//! What the runs of a message or chat made (H3, H4, H5).

use std::collections::BTreeMap;

use axum::{Json, extract::State, http::HeaderMap, response::Response};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    access::Caller,
    body::Path,
    files::content,
    problem::{ErrorDocument, Problem},
    router::App,
};
use crate::{
    catalog::{FileRecord, Selection, Source},
    identifiers::NotAnId,
};

/// The tag of these routes.
const TAG: &str = "downloads";

/// A file that a run of a message made.
#[derive(Debug, Serialize, ToSchema)]
struct DownloadDocument {
    id: String,
    name: String,
    /// In bytes.
    size: u64,
    /// The name of its format: `csv`, `excel` …
    format: String,
    created_at: DateTime<Utc>,
    message_id: Option<String>,
    chat_id: Option<String>,
    /// Where its content is.
    download_url: String,
}

/// What the runs of a chat made.
#[derive(Debug, Serialize, ToSchema)]
struct ChatDownloads {
    chat_id: String,
    total_files: usize,
    /// The files of each message.
    messages: BTreeMap<String, Vec<DownloadDocument>>,
}

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(of_message)).routes(routes!(of_chat)).routes(routes!(file))
}

/// List what a message's runs made
#[utoipa::path(
    get, path = "/api/v1/downloads/code-execution/{message_id}/files", tag = TAG,
    params(("message_id" = String, Path, description = "1 to 128 letters, digits, `_` and `-`")),
    responses(
        (status = 200, description = "The files, the oldest first", body = Vec<DownloadDocument>),
        (status = "4XX", description = "Why there is no list", body = ErrorDocument),
    ),
)]
async fn of_message(
    State(app): State<App>,
    Caller(user): Caller,
    Path(message_id): Path<String>,
) -> Result<Json<Vec<DownloadDocument>>, Problem> {
    let selection = Selection::Message(message_id.parse()?);
    let records = app.executions().list_files(user, &selection).await?;
    Ok(Json(generated(&records).map(DownloadDocument::from).collect()))
}

/// List what a chat's runs made
#[utoipa::path(
    get, path = "/api/v1/downloads/code-execution/chat/{chat_id}/files", tag = TAG,
    params(("chat_id" = String, Path, description = "1 to 128 letters, digits, `_` and `-`")),
    responses(
        (status = 200, description = "The files of each message, the oldest first", body = ChatDownloads),
        (status = "4XX", description = "Why there is no list", body = ErrorDocument),
    ),
)]
async fn of_chat(
    State(app): State<App>,
    Caller(user): Caller,
    Path(chat_id): Path<String>,
) -> Result<Json<ChatDownloads>, Problem> {
    let selection = Selection::Chat(chat_id.parse()?);
    let records = app.executions().list_files(user, &selection).await?;
    let mut chat = ChatDownloads { chat_id, total_files: 0, messages: BTreeMap::new() };
    for record in generated(&records) {
        // Runs of a chat without a message are no message's.
        let Some(message) = &record.message_id else { continue };
        chat.messages.entry(message.to_string()).or_default().push(record.into());
        chat.total_files += 1;
    }
    Ok(Json(chat))
}

/// Fetch a file that a run made
#[utoipa::path(
    get, path = "/api/v1/downloads/code-execution/file/{file_id}", tag = TAG,
    params(("file_id" = String, Path, description = "The file's id")),
    responses(
        (status = 200, description = "The bytes", content_type = "*/*", body = Vec<u8>),
        (status = 206, description = "Some of them", content_type = "*/*", body = Vec<u8>),
        (status = 304, description = "The client has it"),
        (status = 403, description = "It was uploaded", body = ErrorDocument),
        (status = 404, description = "The user has no such file", body = ErrorDocument),
        (status = "4XX", description = "Why it is not given", body = ErrorDocument),
    ),
)]
async fn file(
    State(app): State<App>,
    Caller(user): Caller,
    Path(file_id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    content::respond(app.executions().open_generated_file(user, &file_id).await?, &headers).await
}

fn generated(records: &[FileRecord]) -> impl Iterator<Item = &FileRecord> {
    records.iter().filter(|record| record.source == Source::Generated)
}

impl From<&FileRecord> for DownloadDocument {
    fn from(record: &FileRecord) -> Self {
        Self {
            id: record.file_id.to_string(),
            name: record.filename.clone(),
            size: record.file_size,
            format: record.file_type.clone(),
            created_at: record.uploaded_at,
            message_id: record.message_id.as_ref().map(ToString::to_string),
            chat_id: record.chat_id.as_ref().map(ToString::to_string),
            download_url: format!("/api/v1/downloads/code-execution/file/{}", record.file_id),
        }
    }
}

impl From<NotAnId> for Problem {
    fn from(error: NotAnId) -> Self {
        Self::invalid(error.to_string())
    }
}
