//! Uploads, which go to the disk as they come.

use std::{io, pin::pin, str::FromStr};

use axum::{
    body::Bytes,
    extract::{Multipart, multipart::Field},
};
use futures_util::TryStreamExt as _;
use serde::Serialize;
use tokio_util::io::StreamReader;
use utoipa::ToSchema;

use super::document::FileDocument;
use crate::{
    executions::Upload,
    http::{problem::Problem, router::App},
    identifiers::{ChatId, MessageId, UserId},
};

/// The longest text that an id may be, in bytes.
const LONGEST_TEXT: usize = 1024;
/// What a file is called that came without a name.
const UNNAMED: &str = "upload";

/// What an upload looks like.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is there for its description")]
pub(super) struct UploadForm {
    /// The message that the files are attached to.
    #[schema(pattern = "^[A-Za-z0-9_-]{1,128}$")]
    message_id: Option<String>,
    /// The chat of that message.
    #[schema(pattern = "^[A-Za-z0-9_-]{1,128}$")]
    chat_id: Option<String>,
    /// The files, each in a part of its own.
    #[schema(value_type = Vec<String>, format = Binary)]
    file: Vec<Vec<u8>>,
}

/// What became of an upload.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct Uploaded {
    files: Vec<FileDocument>,
    /// Those that were not stored.
    failed: Vec<FailedUpload>,
}

/// A file that was not stored.
#[derive(Debug, Serialize, ToSchema)]
struct FailedUpload {
    name: String,
    code: &'static str,
    /// Why, in a sentence.
    message: String,
}

/// Which message the files are attached to.
#[derive(Default)]
struct Target {
    message: Option<MessageId>,
    chat: Option<ChatId>,
}

/// Stores the files of a form, one after the other (H8).
pub(super) async fn take(app: &App, user: UserId, mut form: Multipart) -> Result<Uploaded, Problem> {
    let (mut uploaded, mut target, mut last) = (Uploaded::default(), Target::default(), None);
    let mut count = 0;
    loop {
        let field = match form.next_field().await {
            Ok(None) => break,
            Ok(Some(field)) => field,
            // What was stored until then is there, and the client must know.
            Err(error) => {
                fail(&mut uploaded, &mut last, UNNAMED.to_owned(), error.into());
                break;
            }
        };
        match field.name() {
            Some("message_id") => target.message = Some(id(&text(field).await?)?),
            Some("chat_id") => target.chat = Some(id(&text(field).await?)?),
            Some("file") => {
                count += 1;
                if count > app.settings().files_per_upload {
                    let most = app.settings().files_per_upload;
                    let problem = Problem::too_large(format!("One request may upload at most {most} files."));
                    fail(&mut uploaded, &mut last, field.file_name().unwrap_or(UNNAMED).to_owned(), problem);
                    break;
                }
                save(app, user, &target, field, (&mut uploaded, &mut last)).await;
            }
            other => {
                let other = other.unwrap_or_default().chars().take(64).collect::<String>();
                let message =
                    format!("`{other}` is no part of an upload: there are `message_id`, `chat_id` and `file`.");
                return Err(Problem::invalid(message));
            }
        }
    }
    match last {
        Some(problem) if uploaded.files.is_empty() => Err(problem),
        None if uploaded.files.is_empty() => Err(Problem::invalid("The upload has no part named `file`.")),
        _ => Ok(uploaded),
    }
}

async fn save(
    app: &App,
    user: UserId,
    target: &Target,
    field: Field<'_>,
    (uploaded, last): (&mut Uploaded, &mut Option<Problem>),
) {
    let name = field.file_name().unwrap_or(UNNAMED).to_owned();
    let mut upload = Upload::named(&name);
    (upload.message, upload.chat) = (target.message.clone(), target.chat.clone());
    let mut field = pin!(field.map_err(io::Error::other));
    match app.executions().save_upload(user, upload, StreamReader::new(&mut field)).await {
        Ok(record) => uploaded.files.push(FileDocument::from(&record)),
        Err(error) => fail(uploaded, last, name, error.into()),
    }
}

fn fail(uploaded: &mut Uploaded, last: &mut Option<Problem>, name: String, problem: Problem) {
    let (code, message) = (problem.code(), problem.message().to_owned());
    uploaded.failed.push(FailedUpload { name, code, message });
    *last = Some(problem);
}

/// A short text; what is too long is no id.
async fn text(mut field: Field<'_>) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await? {
        let piece: Bytes = piece;
        bytes.extend_from_slice(&piece);
        if bytes.len() > LONGEST_TEXT {
            return Err(Problem::invalid("An id has at most 128 letters, digits, `_` and `-`."));
        }
    }
    String::from_utf8(bytes).map_err(|_| Problem::invalid("An id has 1 to 128 letters, digits, `_` and `-`."))
}

fn id<T: FromStr<Err: ToString>>(text: &str) -> Result<T, Problem> {
    text.parse().map_err(|error: T::Err| Problem::invalid(error.to_string()))
}
