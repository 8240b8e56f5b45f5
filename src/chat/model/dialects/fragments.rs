//! Calls that arrive in fragments.
//!
//! By the book each fragment has an `index`, and the first of a call its id and name. Servers also leave the index out,
//! repeat id and name in every fragment, or give every call the index 0.

use serde_json::{Value, value::RawValue};

use super::{CallIds, fields};
use crate::chat::model::ToolCall;

/// More calls in one answer than any model means; what follows is dropped.
const MOST_CALLS: usize = 64;

/// The calls of an answer so far.
#[derive(Default)]
pub(super) struct Calls(Vec<Call>);

#[derive(Default)]
struct Call {
    index: Option<u64>,
    id: String,
    name: String,
    arguments: String,
}

/// A fragment of a call.
struct Fragment<'v> {
    index: Option<u64>,
    id: &'v str,
    name: &'v str,
    arguments: String,
}

impl Calls {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes one element of `tool_calls`.
    pub(super) fn take(&mut self, fragment: &Value) {
        let fragment = Fragment {
            index: fields::number(fragment, "/index"),
            id: fields::text(fragment, "/id").unwrap_or(""),
            name: fields::text(fragment, "/function/name").unwrap_or(""),
            arguments: fields::arguments(fragment.pointer("/function/arguments")),
        };
        let Some(call) = self.place_for(&fragment) else { return };
        if call.id.is_empty() {
            fragment.id.clone_into(&mut call.id);
        }
        if call.name.is_empty() {
            fragment.name.clone_into(&mut call.name);
        }
        call.arguments.push_str(&fragment.arguments);
    }

    /// The calls, in the order in which they began, each with an id of its own.
    pub(super) fn complete(self, ids: &mut CallIds) -> Vec<ToolCall> {
        let complete = |call: Call| ToolCall { id: ids.claim(&call.id), name: call.name, arguments: call.arguments };
        self.0.into_iter().map(complete).collect()
    }

    /// The call that a fragment belongs to, which may be a new one.
    fn place_for(&mut self, fragment: &Fragment<'_>) -> Option<&mut Call> {
        let candidate = match fragment.index {
            Some(index) => self.0.iter().rposition(|call| call.index == Some(index)),
            None if fragment.id.is_empty() => self.0.len().checked_sub(1),
            None => self.0.iter().rposition(|call| call.id == fragment.id).or_else(|| self.0.len().checked_sub(1)),
        };
        let position = match candidate {
            Some(position) if self.0[position].goes_on_with(fragment) => position,
            _ if self.0.len() == MOST_CALLS => return None,
            _ => {
                self.0.push(Call { index: fragment.index, ..Call::default() });
                self.0.len() - 1
            }
        };
        self.0.get_mut(position)
    }
}

impl Call {
    /// Whether a fragment with the same index, or with none, is a part of this call.
    ///
    /// Without an index, a name with another id begins another call. With the same index it does so only when this
    /// call's arguments are whole, since some servers make up an id for each fragment.
    fn goes_on_with(&self, fragment: &Fragment<'_>) -> bool {
        if fragment.name.is_empty() || (!fragment.id.is_empty() && fragment.id == self.id) {
            return true;
        }
        let has_another_name = !self.name.is_empty() && self.name != fragment.name;
        let has_another_id = !self.id.is_empty() && !fragment.id.is_empty();
        let is_whole = || serde_json::from_str::<&RawValue>(&self.arguments).is_ok();
        let begins_anew = match fragment.index {
            Some(_) => has_another_id && is_whole(),
            None => has_another_id || is_whole(),
        };
        !has_another_name && !begins_anew
    }
}
