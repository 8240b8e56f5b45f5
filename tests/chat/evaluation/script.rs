//! A model that writes what a file says: code, and then an answer made of what the code printed.
//!
//! A script is Markdown as models write it: blocks of Python, one for each round, and a text. `{sales.csv}` in code is
//! the id that the model was told of the file; `{total}` in the text is what the last result says after `total = `.
//! A block that begins with `# KeyError` is written only by a model that was told of a `KeyError`.

use std::fs;

use serde_json::{Value, json};
use taipan::chat::TOOL_NAME;

use super::trials::Task;
use crate::chat::endpoint::{Received, Scripted};

const LOST: &str = "I do not know what to do about that.";

/// What the scripted model writes about a task.
pub(super) struct Script {
    question: String,
    attached: Vec<String>,
    blocks: Vec<String>,
    text: String,
}

impl Script {
    pub(super) fn of(task: &Task) -> Self {
        let path = format!("{}/tests/fixtures/evaluation/{}.md", env!("CARGO_MANIFEST_DIR"), task.name);
        let script = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut parts: Vec<_> = script.split("```").map(str::trim).collect();
        let text = parts.pop().unwrap().to_owned();
        let blocks = parts.iter().filter_map(|part| part.strip_prefix("python\n")).map(str::to_owned).collect();
        let attached = task.attached.iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned());
        Self { question: task.question.clone(), attached: attached.collect(), blocks, text }
    }

    /// How often its code is run.
    pub(super) fn rounds(&self) -> usize {
        self.blocks.len()
    }

    fn next(&self, asked: &str, results: &[String]) -> Scripted {
        let told = results.last().map_or("", String::as_str);
        let Some(block) = self.blocks.get(results.len()) else { return Scripted::text(&filled(&self.text, told)) };
        let error = block.lines().next().and_then(|line| line.strip_prefix("# ")).filter(|_| !results.is_empty());
        if error.is_some_and(|error| !told.contains(error)) {
            return Scripted::text(LOST);
        }
        let code = self.attached.iter().fold(block.clone(), |code, name| {
            let id = id_of(asked, name).unwrap_or_else(|| panic!("the model was not told of {name}: {asked}"));
            code.replace(&format!("{{{name}}}"), &id)
        });
        Scripted::call(TOOL_NAME, json!({ "code": code }))
    }
}

/// What is answered to a question, by the script of its task.
pub(super) fn answer(scripts: &[Script], request: &Received) -> Scripted {
    let messages = request.body["messages"].as_array().unwrap();
    let asked = messages.iter().rfind(|message| message["role"] == "user").unwrap();
    let asked = asked["content"].as_str().or(asked["content"][0]["text"].as_str()).unwrap();
    let script = scripts.iter().find(|script| asked.ends_with(&script.question)).expect("a question of a task");
    script.next(asked, &request.tool_results())
}

/// The id of a file, from the lines of JSON that tell of the user's files.
fn id_of(asked: &str, name: &str) -> Option<String> {
    let lines = asked.lines().filter_map(|line| serde_json::from_str::<Value>(line.trim_end_matches(']')).ok());
    let mut files = lines.filter(|file| file["name"] == name);
    files.next()?["id"].as_str().map(str::to_owned)
}

/// The text with what a result says in it; what it does not say stays open.
fn filled(text: &str, result: &str) -> String {
    let said = result.lines().filter_map(|line| line.split_once(" = "));
    said.fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}
