//! Taipan runs Python for chat: CPython inside one Rust program, on a pool of dedicated threads.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use taipan::{Ending, Interpreter, Request};
//!
//! let interpreter = Interpreter::builder().workers(2).build()?;
//! let outcome = interpreter.execute(Request::new("print(6 * 7)")).await?;
//! assert_eq!(outcome.stdout, "42\n");
//! assert!(matches!(outcome.ending, Ending::Completed));
//! # Ok(())
//! # }
//! ```
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
//! - [`config`]: the settings; the only reader of the environment.

#[cfg(feature = "bot")]
pub mod app;
#[cfg(feature = "bot")]
pub mod cli;
#[cfg(feature = "bot")]
pub mod config;
pub mod formats;
pub mod interpreter;

pub use interpreter::{
    Builder, CancelHandle, Display, Ending, Event, FailedPackage, FileSeen, GeneratedFile, InputFile, Interpreter,
    InterpreterError, Isolation, Omitted, OmittedFile, Outcome, PythonException, Request, Run, Status,
};
