//! A question as a person would ask it, the files that go with it, and how an answer is checked.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A task, out of `evaluation/tasks`.
pub(crate) struct Task {
    /// Its kind and its own name, such as `plot/months`.
    pub(crate) name: String,
    pub(crate) question: String,
    /// What is attached to the question.
    pub(crate) attached: Vec<PathBuf>,
    /// Python that raises when the answer or a file is not as it was asked for.
    pub(crate) check: String,
}

impl Task {
    /// Every task, by name.
    pub(crate) fn all() -> Vec<Self> {
        let mut tasks: Vec<_> = entries(&folder("evaluation/tasks")).iter().flat_map(|kind| entries(kind)).collect();
        tasks.retain(|path| path.extension().is_some_and(|extension| extension == "py"));
        tasks.sort();
        tasks.iter().map(|path| Self::read(path)).collect()
    }

    fn read(path: &Path) -> Self {
        let check = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let head: Vec<_> = check.lines().map_while(|line| line.strip_prefix('#')).map(str::trim).collect();
        let (last, question) = head.split_last().expect("a task begins with its question");
        let question = question.join(" ");
        let question = question.strip_prefix("Question: ").expect("a task begins with its question").to_owned();
        let attached = last.strip_prefix("Attached: ").expect("the files of a task stand below its question");
        let kind = path.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
        let name = format!("{kind}/{}", path.file_stem().unwrap_or_default().to_string_lossy());
        Self { name, question, attached: attached.split(", ").map(attachment).collect(), check }
    }
}

/// The path of a file of the project.
pub(super) fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn attachment(name: &str) -> PathBuf {
    let own = folder("evaluation/data").join(name);
    if own.exists() { own } else { folder("examples/data").join(name) }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.expect("an entry of a folder").path()).filter(|path| !is_hidden(path)).collect()
}

/// What tools leave beside the tasks.
fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(['.', '_']))
}
