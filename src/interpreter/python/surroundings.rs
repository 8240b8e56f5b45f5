//! What code that runs has around it, wherever that is.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use super::{
    super::{
        Display, FailedPackage,
        recording::{Channel, Writer},
        workspace::{CopyStart, PlacedInput},
    },
    StopSwitch,
};

/// A run as the code's own functions need it: in this process the run itself, in a sandbox what leads to it.
///
/// Every method may be called by any of the code's threads, and none may wait for the GIL.
pub(crate) trait Surroundings: Send + Sync {
    /// The source text.
    fn code(&self) -> &str;
    /// What the source is called in tracebacks.
    fn file_name(&self) -> &str;
    /// What follows the script's name in `sys.argv`.
    fn args(&self) -> &[String];
    /// What `input()` reads.
    fn stdin(&self) -> Option<&str>;
    /// The folder the code works in.
    fn folder(&self) -> &Path;
    /// The folder of the owner's packages.
    fn packages_folder(&self) -> PathBuf;
    /// The files the code may open, oldest first.
    fn inputs(&self) -> &[PlacedInput];
    /// Whether the code is to stop.
    fn stop(&self) -> &StopSwitch;
    /// Whether the code's variables are for a next run.
    fn is_kept(&self) -> bool;
    /// Whether the code only asks its session something.
    fn is_aside(&self) -> bool;
    /// Text from one of the code's threads.
    fn write(&self, channel: Channel, writer: Writer, text: &str);
    /// Bytes from one of the code's threads.
    fn write_bytes(&self, channel: Channel, writer: Writer, bytes: &[u8]);
    /// A thread has ended: what it has begun to write is shown.
    fn flush(&self, writer: Writer);
    /// The code showed a value.
    fn display(&self, display: Display);
    /// A sentence for the user.
    fn note(&self, note: String);
    /// Installs the packages behind these imports; blocks. Gives the imports that stay missing.
    fn install(&self, imports: &[String]) -> BTreeMap<String, FailedPackage>;
    /// Gives the path to open where code wants to write to a file it was given: its own copy (X5).
    fn make_writable(&self, path: &Path, start: CopyStart) -> io::Result<Option<PathBuf>>;
    /// The code has ended; what follows does not count as its time.
    fn code_ended(&self);
}
