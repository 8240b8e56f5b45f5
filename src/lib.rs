//! Taipan runs Python for chat: CPython inside one Rust program, on a pool of dedicated threads or in sandboxes.
//!
//! ```
//! use taipan::{Ending, Interpreter, Request};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let interpreter = Interpreter::builder().workers(2).build()?;
//! let outcome = interpreter.execute(Request::new("print(6 * 7)")).await?;
//! assert_eq!(outcome.stdout, "42\n");
//! assert_eq!(outcome.ending, Ending::Completed);
//! # Ok(())
//! # }
//! ```
//!
//! By default code runs in this process, on a worker's thread: run only code there that you would run with `python`
//! yourself. Other people's code belongs in a sandbox: call [`sandbox::init`] first thing in `main` and choose
//! [`Isolation::Process`]. What the code does is an [`Outcome`], also when it raises, floods its output or
//! takes too long; an [`InterpreterError`] is what the interpreter itself could not do. No method blocks but
//! [`Builder::build`], which imports what should be warm.
//!
//! # Layout
//!
//! - [`interpreter`]: requests go in, events and outcomes come out; the only place that knows Python.
//! - [`formats`]: the one table of file types, kinds, emoji and magic bytes.
//!
//! With the feature `bot` (on by default) come the parts for people:
//!
//! - [`cli`]: what a person types, and what he sees.
//! - [`app`]: puts the parts together.
//! - [`catalog`]: what is known about users' files, conversations, usage, preferences and runs.
//! - [`chat`]: the assistant.
//! - [`config`]: the settings; the only reader of the environment.
//! - [`discord`]: the Discord bot.
//! - [`executions`]: a user's runs, with his files going in and coming out.
//! - [`files`]: the bytes of stored files, on local disk.
//! - [`http`]: the interpreter for other programs, and a page to try it.
//! - [`identifiers`]: what users, files, messages and chats are called.

/// By the name under which tests of the whole library know it.
#[cfg(test)]
extern crate self as taipan;

#[cfg(feature = "bot")]
pub mod app;
#[cfg(feature = "bot")]
pub mod catalog;
#[cfg(feature = "bot")]
pub mod chat;
#[cfg(feature = "bot")]
pub mod cli;
#[cfg(feature = "bot")]
pub mod config;
#[cfg(feature = "bot")]
pub mod discord;
#[cfg(feature = "bot")]
pub mod executions;
#[cfg(feature = "bot")]
pub mod files;
pub mod formats;
#[cfg(feature = "bot")]
pub mod http;
#[cfg(feature = "bot")]
pub mod identifiers;
pub mod interpreter;

pub use interpreter::sandbox;
pub use interpreter::{
    Builder, CancelHandle, Display, Ending, Event, FailedPackage, FileSeen, GeneratedFile, InputFile, Interpreter,
    InterpreterError, Isolation, Omitted, OmittedFile, Outcome, PythonException, Request, Run, Status,
};

/// The examples of README.md, compiled and run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct ReadmeExamples;
