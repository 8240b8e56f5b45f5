//! What a client wants to run.

use std::time::Duration;

use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    executions::RunRequest,
    http::problem::Problem,
    identifiers::{ChatId, FileId, MessageId},
};

/// Code to run, and what it is given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewExecution {
    /// The Python source text.
    #[schema(example = "print(6 * 7)")]
    code: String,
    /// What `input()` reads.
    #[serde(default)]
    stdin: Option<String>,
    /// What follows the script's name in `sys.argv`.
    #[serde(default)]
    args: Vec<String>,
    /// How many seconds the code may run; without it as long as the server's settings say.
    #[serde(default)]
    #[schema(exclusive_minimum = 0, maximum = 300)]
    timeout: Option<f64>,
    /// Whether variables, imports and files live on for the user's next such run.
    #[serde(default)]
    session: bool,
    /// The message whose run this is: it finds the files of this message, and no others.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^[A-Za-z0-9_-]{1,128}$")]
    message_id: Option<MessageId>,
    /// The chat of the message.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^[A-Za-z0-9_-]{1,128}$")]
    chat_id: Option<ChatId>,
    /// Ids of files that are attached to the message. Without a message the run finds all of the user's files.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    files: Vec<FileId>,
}

impl NewExecution {
    pub(super) fn into_request(self, most: Duration) -> Result<RunRequest, Problem> {
        let mut request = RunRequest::new(self.code).args(self.args).attached(self.files);
        (request.stdin, request.message, request.chat) = (self.stdin, self.message_id, self.chat_id);
        request.in_session = self.session;
        if let Some(seconds) = self.timeout {
            let timeout = Duration::try_from_secs_f64(seconds).ok();
            let allowed = timeout.filter(|timeout| !timeout.is_zero() && *timeout <= most);
            let most = most.as_secs();
            request.timeout = Some(allowed.ok_or_else(|| {
                Problem::invalid(format!("`timeout` is a number of seconds above 0 and at most {most}."))
            })?);
        }
        Ok(request)
    }
}
