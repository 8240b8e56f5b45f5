//! The interpreter: requests go in, events and outcomes come out.

mod error;
mod event;
mod outcome;
#[cfg_attr(not(test), expect(dead_code, unused_imports, reason = "the worker pool starts the installer"))]
mod packages;
mod request;
mod workspace;

pub use error::{InterpreterError, StartError};
pub use event::{Event, FileSeen};
pub use outcome::{Display, Ending, FailedPackage, GeneratedFile, Omitted, OmittedFile, Outcome, PythonException};
pub use packages::{AutoInstall, DEFAULT_MAX_BYTES, DEFAULT_TIMEOUT, PackagePolicy};
pub use request::{InputFile, Request};
