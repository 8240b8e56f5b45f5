//! The one tool of the assistant (A1).
//!
//! - `arguments`: what the model wants, if it can be understood.
//! - `telling`: what the model is told of a run; `excerpt`: no more of it than is bounded.

mod arguments;
mod excerpt;
mod telling;

use serde_json::json;

pub(super) use self::{arguments::Arguments, excerpt::excerpt, telling::told};
use super::model::{Tool, ToolCall};

/// What the tool is called.
pub const TOOL_NAME: &str = "execute_python_code";

/// The longest arguments of a call, in bytes; longer ones are not even repeated to the model.
const LONGEST_ARGUMENTS: usize = 32 * 1024;

const DESCRIPTION: &str = include_str!("../prompts/tool.md");

/// In place of a result: the rounds of the turn are used up.
pub(super) const NO_FURTHER_RUN: &str = "Not run: code was run as often as it may for this message.";
/// In place of a result: the money or the tokens are.
pub(super) const TOO_COSTLY: &str = "Not run: this message has used up as much as it may.";
/// In place of a result: the user does not want to wait for it.
pub(super) const CANCELLED: &str = "Not run: the user stopped the answer.";
/// In place of a result: one of too many calls at once.
pub(super) const TOO_MANY_CALLS: &str = "Not run: call the tool at most 8 times at once.";
/// With the last result: a model that knows that it cannot try again says what it has.
pub(super) const LAST_ROUND: &str =
    "reminder: no further run is possible for this message. Answer now with what you have.";

/// The tool as the model is offered it.
pub(super) fn offered() -> Tool {
    let parameters = json!({
        "type": "object",
        "properties": {
            "code": { "type": "string", "description": "The Python source text, complete." },
            "timeout": { "type": "number", "description": "How many seconds it may run; usually left out." },
        },
        "required": ["code"],
        "additionalProperties": false,
    });
    Tool { name: TOOL_NAME.to_owned(), description: DESCRIPTION.trim().to_owned(), parameters }
}

/// A call as it is remembered: arguments that are too long are dropped, and [`Arguments::read`] complains of them.
pub(super) fn bounded(mut call: ToolCall) -> ToolCall {
    if call.arguments.len() > LONGEST_ARGUMENTS {
        call.arguments = json!({ "too_long": call.arguments.len() }).to_string();
    }
    call.name.truncate(call.name.floor_char_boundary(LONGEST_NAME));
    call
}

/// The longest name of a tool that is repeated, in bytes.
const LONGEST_NAME: usize = 64;
