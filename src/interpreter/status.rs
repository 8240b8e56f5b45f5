//! How an interpreter is doing.

use std::{path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

/// Where code runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Isolation {
    /// In this process, on a worker's own thread: for your own code. No security boundary: code can read this
    /// program's memory, end it, and keep the processor.
    Thread,
    /// In a confined process for each run: for other people's code.
    Process,
}

impl Isolation {
    /// `thread` or `process`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Thread => "thread",
            Self::Process => "process",
        }
    }
}

/// What an interpreter is, and what it is doing (X16).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Status {
    /// The version of Python, such as `3.11.2`.
    pub python_version: String,
    /// The virtual environment's `python` on this machine. Code in a sandbox finds it at `/opt/venv/bin/python`.
    pub python_path: PathBuf,
    /// Whether the virtual environment is (still) there.
    pub venv_exists: bool,
    /// The packages in the virtual environment, as name and version, sorted.
    pub installed_packages: Vec<(String, String)>,
    /// How many they are.
    pub package_count: usize,
    /// Where code runs.
    pub isolation: Isolation,
    /// What protects the machine from the code, and whether it is in force.
    pub protections: Vec<Protection>,
    /// Workers that run code now.
    pub workers_busy: usize,
    /// Workers that wait for code.
    pub workers_idle: usize,
    /// Sandboxes that wait for code; none where code runs in this process.
    pub sandboxes_ready: usize,
    /// Requests that wait for a worker.
    pub queue_length: usize,
    /// How long the interpreter has been open.
    pub uptime: Duration,
}

/// One protection of the machine from the code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Protection {
    /// Its name.
    pub name: String,
    /// Whether it is in force.
    pub in_force: bool,
    /// What it stops, or why it is not in force.
    pub detail: String,
}

/// The protections in force: limits that hold for honest code, and what `layers` a sandbox has.
pub(super) fn protections(layers: Option<Vec<Protection>>) -> Vec<Protection> {
    let entry =
        |name: &str, in_force, detail: &str| Protection { name: name.to_owned(), in_force, detail: detail.to_owned() };
    let time = match layers {
        Some(_) => "ends code whatever it does",
        None => "ends Python code; C code that holds the interpreter is left behind",
    };
    let limits = vec![
        entry("time limit", true, time),
        entry("output limit", true, "what is too much goes into a file, then is counted"),
        entry("file limits", true, "what is too much or too large is named, not collected"),
    ];
    let none =
        || vec![entry("sandbox", false, "code runs in this process: isolation `thread` is no security boundary")];
    [limits, layers.unwrap_or_else(none)].concat()
}
