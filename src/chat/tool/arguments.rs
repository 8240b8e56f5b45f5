//! What the model wants to have run, if that can be understood. Where it cannot, the model is told how to say it.

use std::time::Duration;

use serde_json::{Map, Value};

use super::{super::model::ToolCall, LONGEST_ARGUMENTS, TOOL_NAME, excerpt};

/// How much of wrong arguments is repeated, in bytes.
const REPEATED: usize = 200;
const FORM: &str = r#"Call execute_python_code with {"code": "…"}, and optionally "timeout" in seconds."#;

/// What the model wants to have run.
#[derive(Debug, PartialEq)]
pub(in crate::chat) struct Arguments {
    pub(in crate::chat) code: String,
    pub(in crate::chat) timeout: Option<Duration>,
    /// What was understood otherwise than it was said.
    pub(in crate::chat) remark: Option<String>,
}

impl Arguments {
    /// Reads the arguments of a call; `most` is the longest time that code may run.
    pub(in crate::chat) fn read(call: &ToolCall, most: Duration) -> Result<Self, String> {
        if call.name != TOOL_NAME {
            return Err(format!("Not run: there is no tool {:?}. {FORM}", call.name));
        }
        let mut fields = object(&call.arguments)?;
        let code = match fields.remove("code") {
            Some(Value::String(code)) if !code.trim().is_empty() => code,
            Some(Value::String(_)) => return Err(format!("Not run: \"code\" is empty. {FORM}")),
            Some(_) => return Err(format!("Not run: \"code\" must be a text. {FORM}")),
            None => return Err(without_code(&fields)),
        };
        let (timeout, remark) = timeout(fields.remove("timeout"), most)?;
        match fields.keys().next() {
            Some(unknown) => Err(format!("Not run: {unknown:?} is not an argument of this tool. {FORM}")),
            None => Ok(Self { code, timeout, remark }),
        }
    }
}

fn object(arguments: &str) -> Result<Map<String, Value>, String> {
    match serde_json::from_str(arguments) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(format!("Not run: the arguments are not a JSON object. {FORM}")),
        Err(error) => {
            let repeated = excerpt(arguments, REPEATED, 0).text;
            Err(format!("Not run: the arguments are not JSON ({error}): {repeated:?}. {FORM}"))
        }
    }
}

fn without_code(fields: &Map<String, Value>) -> String {
    match fields.get("too_long") {
        Some(length) => {
            format!(
                "Not run: the arguments are {length} bytes long, and {LONGEST_ARGUMENTS} are allowed. Do it in steps."
            )
        }
        None => format!("Not run: \"code\" is missing. {FORM}"),
    }
}

/// Models write numbers as texts now and then, and `null` for what they leave out.
fn timeout(given: Option<Value>, most: Duration) -> Result<(Option<Duration>, Option<String>), String> {
    let seconds = match given {
        None | Some(Value::Null) => return Ok((None, None)),
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(_) => None,
    };
    let Some(seconds) = seconds.filter(|seconds| *seconds > 0.0) else {
        return Err(format!("Not run: \"timeout\" must be a number of seconds above 0. {FORM}"));
    };
    let timeout = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
    if timeout <= most {
        return Ok((Some(timeout), None));
    }
    let remark = format!("The timeout was {} seconds, which is the longest there is.", most.as_secs());
    Ok((Some(most), Some(remark)))
}
