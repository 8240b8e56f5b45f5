//! What goes into the interpreter and what comes out: plain data that can cross a process boundary, one file each.

mod error;
mod event;
mod outcome;
mod request;

pub use self::{
    error::{InterpreterError, StartError},
    event::{Event, FileSeen},
    outcome::{Display, Ending, FailedPackage, GeneratedFile, Omitted, OmittedFile, Outcome, PythonException},
    request::{InputFile, Request},
};
