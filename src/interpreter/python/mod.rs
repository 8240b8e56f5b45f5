//! The one door to CPython: nothing above this folder knows PyO3.
//!
//! - [`start`]: starts the one Python of this process, with a virtual environment.
//! - [`thread`]: a worker's thread attached to it; runs code and cleans up.
//! - [`stopping`]: asks running code to stop.
//! - [`surroundings`]: what the code's own functions ask of a run, wherever it is.
//! - `forking`: copies of a process in which Python runs.
//! - `native`: the functions written in Rust that Python code calls.
//! - `sources`: the Python files of `python/taipan_runtime`, embedded in the program.
//! - `modules`: lets each run have modules of its own.

mod arenas;
mod forking;
mod modules;
mod native;
mod sources;
mod start;
mod stopping;
mod surroundings;
mod thread;

pub(crate) use forking::Forked;
pub(crate) use start::{PROGRAM, Python, StartOptions, environment};
pub(crate) use stopping::{StopReason, StopSwitch};
pub(crate) use surroundings::Surroundings;
pub(crate) use thread::{CodeEnd, EndedRun, PythonThread};
