//! What the model is told of the world.
//!
//! Its task never changes, so that endpoints know it already and take less money for it. What changes (the time, the
//! user's files) stands before his words, in the same message, and is not remembered with them.
//!
//! - `files`: the user's files; `previews`: what is in them, read by code that runs as him (S14).

pub(super) mod files;
mod previews;

use std::fmt::Write as _;

use self::files::FilesTold;
use super::{AssistantSettings, assistant::Parts, model::Message};
use crate::{identifiers::FileId, interpreter::Network};

const TASK: &str = include_str!("../prompts/task.md");
const OFFLINE: &str = include_str!("../prompts/offline.md");

/// The model's task.
pub(super) fn task(settings: &AssistantSettings) -> Message {
    let mut task = without_reasons(TASK);
    if settings.network == Network::Off {
        task.push('\n');
        task.push_str(&without_reasons(OFFLINE));
    }
    Message::System(task)
}

/// Prompts give a reason above each sentence, for whoever changes them.
fn without_reasons(prompt: &str) -> String {
    prompt.lines().filter(|line| !line.starts_with("<!--")).collect::<Vec<_>>().join("\n")
}

/// The time and the user's files.
pub(super) fn situation(parts: &Parts, files: &FilesTold, attached: &[FileId]) -> String {
    let now = parts.clock.now().with_timezone(&parts.settings.time_zone);
    let zone = parts.settings.time_zone.name();
    let mut situation = format!("[It is {} ({zone}).", now.format("%A, %Y-%m-%d %H:%M"));
    match files.lines.as_slice() {
        [] => situation.push_str(" The user has no files."),
        lines => {
            situation.push_str(" The user's files, oldest first, one JSON object each:");
            for line in lines {
                situation.push('\n');
                situation.push_str(line);
            }
        }
    }
    if files.not_listed > 0 {
        // Writing to a string cannot fail.
        let _ = write!(situation, "\nAnd {} older files, which list_files() tells.", files.not_listed);
    }
    let attached: Vec<_> = attached.iter().filter(|id| files.ids.contains(id)).map(FileId::as_str).collect();
    if !attached.is_empty() {
        let _ = write!(situation, "\nAttached to this message: {}", attached.join(", "));
    }
    situation.push(']');
    situation
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 5, part 5: each sentence has its reason, and the model is spared it.
    #[test]
    fn every_sentence_of_a_prompt_has_its_reason_which_the_model_is_spared() {
        for prompt in [TASK, OFFLINE] {
            let lines: Vec<_> = prompt.lines().collect();
            for (index, _) in lines.iter().enumerate().filter(|(_, line)| line.starts_with("- ")) {
                assert!(
                    lines[index - 1].starts_with("<!-- ") && lines[index - 1].ends_with(" -->"),
                    "{}",
                    lines[index]
                );
            }
            assert!(!without_reasons(prompt).contains("<!--"));
        }
        // Short: fewer words than fit on a page.
        assert!(TASK.split_whitespace().count() < 400);
    }
}
