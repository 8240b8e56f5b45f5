//! A user's runs: his files go in, what his code generates comes out and is kept, and all of it has an owner and an end.
//!
//! Who may do what is decided here, for every edge alike. Files are asked for by the user and a text from outside; that
//! which is not the user's is not there ([`ExecutionError::FileNotFound`]).
//!
//! # Layout
//!
//! - `run`: running code for a user, from finding his files to the journal.
//! - `uploads`, `saving`: files come in; `reading`, `deleting`: and are looked at and taken away.
//! - `records`: whose file is it; `locks`: one change at a time to a user's files.
//! - `messages`: which files the runs of a message share.
//! - `cleaning`: the end of files, and of what crashes leave behind.
//! - `limits`, `status`, `error`: what holds, how it is going, and what went wrong.

mod cleaning;
mod clock;
mod deleting;
mod error;
mod limits;
mod locks;
mod messages;
mod reading;
mod records;
mod run;
mod saving;
mod status;
mod uploads;

use std::{fmt, ops::Deref, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use tokio::sync::OnceCell;
use tokio_util::task::TaskTracker;

pub use self::{
    cleaning::Cleanup,
    clock::{Clock, SystemClock},
    deleting::{Deletion, FailedDeletion, Reset},
    error::ExecutionError,
    limits::{DailyRuns, FileLimits, LimitReached},
    reading::OpenFile,
    run::{Answer, AnsweredFile, Keeping, RunError, RunHandle, RunRequest, UserRun},
    status::Status,
    uploads::Upload,
};
use self::{locks::OwnerLocks, messages::MessageWorkspaces, run::RunCounter};
use crate::{catalog::Catalog, files::Store, interpreter::Interpreter};

/// Runs code for users and keeps their files. Clones are the same.
///
/// ```
/// use std::sync::Arc;
/// use taipan::{
///     Interpreter,
///     catalog::{self, Location, Patience},
///     executions::{Executions, SystemClock, FileLimits, RunRequest, Upload, UserFiles},
///     files::Store,
///     identifiers::UserId,
/// };
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let data_dir = folder.path();
/// let catalog = catalog::open(&Location::choose(None, data_dir)?, Patience::default()).await?;
/// let interpreter = Interpreter::builder().workers(1).build()?;
/// let store = Store::open(data_dir)?;
/// let files = UserFiles::new(store, catalog, FileLimits::default(), Arc::new(SystemClock));
/// let executions = Executions::new(interpreter, files);
///
/// let user = UserId(7);
/// let sales = executions.save_upload(user, Upload::named("sales.txt"), &b"1 2 3"[..]).await?;
/// let code = "numbers = open('sales.txt').read()\nopen('sum.txt', 'w').write(numbers.replace(' ', '+'))";
/// let answer = executions.run(user, RunRequest::new(code)).await?.answer().await?;
/// assert!(answer.outcome.success());
///
/// // What the code made is a file of the user like the one he sent.
/// let sum = executions.file_metadata(user, answer.generated_file_ids[0].as_str()).await?;
/// assert_eq!((sum.filename.as_str(), sum.file_size), ("sum.txt", 5));
/// assert!(executions.open_file(UserId(8), sales.file_id.as_str()).await.is_err());
/// # executions.close(std::time::Duration::from_secs(1)).await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Executions {
    interpreter: Interpreter,
    files: UserFiles,
    counter: Arc<RunCounter>,
    /// Runs whose end is being seen to, whether somebody waits for it or not.
    endings: TaskTracker,
}

/// The stored files of users, without an interpreter. Clones are the same.
#[derive(Clone)]
pub struct UserFiles {
    store: Store,
    catalog: Arc<dyn Catalog>,
    limits: FileLimits,
    clock: Arc<dyn Clock>,
    locks: Arc<OwnerLocks>,
    /// Set once it was seen to that the folder of bytes bears the catalog's mark.
    marked: Arc<OnceCell<()>>,
    workspaces: MessageWorkspaces,
}

impl Executions {
    /// Puts the parts together.
    #[must_use]
    pub fn new(interpreter: Interpreter, files: UserFiles) -> Self {
        Self { interpreter, files, counter: Arc::default(), endings: TaskTracker::new() }
    }

    /// Limits how many runs each user may have in a day; without it he may have any number.
    #[must_use]
    pub fn limited(self, runs: DailyRuns) -> Self {
        Self { counter: Arc::new(RunCounter::new(runs)), ..self }
    }

    /// Takes no more runs, and lets those that go on end; after `grace` they are cancelled. Returns when what all of them
    /// have made is stored. The files are the caller's to close then.
    pub async fn close(&self, grace: Duration) {
        self.interpreter.shutdown(grace).await;
        self.endings.close();
        self.endings.wait().await;
    }
}

/// Whatever can be done with files can be done here.
impl Deref for Executions {
    type Target = UserFiles;

    fn deref(&self) -> &UserFiles {
        &self.files
    }
}

impl UserFiles {
    /// Puts the parts together.
    #[must_use]
    pub fn new(store: Store, catalog: Arc<dyn Catalog>, limits: FileLimits, clock: Arc<dyn Clock>) -> Self {
        let workspaces = MessageWorkspaces::in_folder(store.data_dir());
        let (locks, marked) = (Arc::new(OwnerLocks::new()), Arc::default());
        Self { store, catalog, limits, clock, locks, marked, workspaces }
    }

    /// What is known of users besides their files is there as well.
    #[must_use]
    pub fn catalog(&self) -> Arc<dyn Catalog> {
        Arc::clone(&self.catalog)
    }

    /// Closes the catalog. Later calls fail.
    pub async fn close(&self) {
        self.catalog.close().await;
    }

    /// The present in milliseconds, as catalogs keep it.
    fn now(&self) -> DateTime<Utc> {
        let now = self.clock.now();
        DateTime::from_timestamp_millis(now.timestamp_millis()).unwrap_or(now)
    }
}

impl fmt::Debug for Executions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Executions").field("interpreter", &self.interpreter).finish_non_exhaustive()
    }
}

impl fmt::Debug for UserFiles {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("UserFiles").field("catalog", &self.catalog.place()).finish_non_exhaustive()
    }
}
