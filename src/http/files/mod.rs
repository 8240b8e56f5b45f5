//! A user's files (H6).

pub(super) mod content;
mod document;
mod upload;

use axum::{
    Json,
    extract::{DefaultBodyLimit, Multipart, State, multipart::MultipartRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) use self::document::content_url;
use self::{
    document::{FileDocument, FileList},
    upload::{UploadForm, Uploaded},
};
use super::{
    access::Caller,
    body::Path,
    problem::{ErrorDocument, Problem},
    router::App,
};
use crate::catalog::Selection;

/// The tag of these routes.
const TAG: &str = "files";
/// How many bytes of an upload are not content of files, for each file.
const FORM_BYTES: u64 = 64 * 1024;

pub(super) fn routes(app: &App) -> OpenApiRouter<App> {
    let file_bytes = app.executions().file_limits().max_file_bytes.saturating_add(FORM_BYTES);
    let most = file_bytes.saturating_mul(app.settings().files_per_upload as u64);
    let uploads = OpenApiRouter::new()
        .routes(routes!(list, upload))
        .layer(DefaultBodyLimit::max(usize::try_from(most).unwrap_or(usize::MAX)));
    OpenApiRouter::new().merge(uploads).routes(routes!(metadata, delete)).routes(routes!(content))
}

/// List files
///
/// Those that were uploaded and those that runs made, the oldest first.
#[utoipa::path(
    get, path = "/api/v1/files", tag = TAG,
    responses(
        (status = 200, description = "The files", body = FileList),
        (status = "4XX", description = "Why there is no list", body = ErrorDocument),
    ),
)]
async fn list(State(app): State<App>, Caller(user): Caller) -> Result<Json<FileList>, Problem> {
    let records = app.executions().list_files(user, &Selection::All).await?;
    Ok(Json(FileList::from(records.as_slice())))
}

/// Upload files
///
/// Each in a part named `file`; `message_id` and `chat_id` before them say which message they are attached to.
/// Files that cannot be stored do not keep the others from it; when none is stored, the answer says why.
#[utoipa::path(
    post, path = "/api/v1/files", tag = TAG,
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "What was stored, and what not", body = Uploaded),
        (status = 413, description = "A file is too large", body = ErrorDocument),
        (status = "4XX", description = "Why nothing was stored", body = ErrorDocument),
        (status = "5XX", description = "Why nothing was stored", body = ErrorDocument),
    ),
)]
async fn upload(
    State(app): State<App>,
    Caller(user): Caller,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Problem> {
    let uploaded = upload::take(&app, user, form?).await?;
    Ok((StatusCode::CREATED, Json(uploaded)).into_response())
}

/// Look at a file
#[utoipa::path(
    get, path = "/api/v1/files/{file_id}", tag = TAG,
    params(("file_id" = String, Path, description = "The file's id")),
    responses(
        (status = 200, description = "What is known of it", body = FileDocument),
        (status = 404, description = "The user has no such file", body = ErrorDocument),
        (status = "4XX", description = "Why nothing is said", body = ErrorDocument),
    ),
)]
async fn metadata(
    State(app): State<App>,
    Caller(user): Caller,
    Path(file_id): Path<String>,
) -> Result<Json<FileDocument>, Problem> {
    let record = app.executions().file_metadata(user, &file_id).await?;
    Ok(Json(FileDocument::from(&record)))
}

/// Delete a file
#[utoipa::path(
    delete, path = "/api/v1/files/{file_id}", tag = TAG,
    params(("file_id" = String, Path, description = "The file's id")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 404, description = "The user has no such file", body = ErrorDocument),
        (status = "4XX", description = "Why it was not deleted", body = ErrorDocument),
    ),
)]
async fn delete(
    State(app): State<App>,
    Caller(user): Caller,
    Path(file_id): Path<String>,
) -> Result<StatusCode, Problem> {
    app.executions().delete_file(user, &file_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Fetch a file's content
///
/// Whole or in part (`Range`), and not again where the client has it (`If-None-Match`).
#[utoipa::path(
    get, path = "/api/v1/files/{file_id}/content", tag = TAG,
    params(("file_id" = String, Path, description = "The file's id")),
    responses(
        (status = 200, description = "The bytes", content_type = "*/*", body = Vec<u8>),
        (status = 206, description = "Some of them", content_type = "*/*", body = Vec<u8>),
        (status = 304, description = "The client has it"),
        (status = 404, description = "The user has no such file", body = ErrorDocument),
        (status = 416, description = "It has no such part", body = ErrorDocument),
        (status = "4XX", description = "Why it is not given", body = ErrorDocument),
    ),
)]
async fn content(
    State(app): State<App>,
    Caller(user): Caller,
    Path(file_id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    content::respond(app.executions().open_file(user, &file_id).await?, &headers).await
}
