//! What the tests begin with: users, a clock that stands still, and executions with an empty catalog.

use std::{fs, io::Read as _, sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
pub(super) use rstest_reuse::apply;
use rstest_reuse::template;
use taipan::{
    Interpreter, Isolation,
    catalog::{Catalog, FileRecord, Selection},
    executions::{Answer, Clock, Executions, FileLimits, RunRequest, Upload, UserFiles},
    files::Store,
    identifiers::UserId,
};
use tempfile::TempDir;
use tokio::{io::AsyncReadExt as _, sync::watch};

use crate::{
    catalog::given::{self, Engine},
    interpreters,
};

pub(super) const ANNA: UserId = UserId(7);
pub(super) const BEN: UserId = UserId(8);
/// 2100-01-01 00:00 UTC, in seconds: a server removes by itself what expired long ago by its own clock (S6).
const NEW_YEAR: i64 = 4_102_444_800;
pub(super) const NOT_FOUND: &str = "File not found or expired";

/// Tests that hold for both engines: `#[apply(on_both)]`, and a parameter `engine`.
#[template]
#[rstest::rstest]
#[case::sqlite(crate::catalog::given::Engine::Sqlite)]
#[case::mongodb(crate::catalog::given::Engine::MongoDb)]
pub(super) fn on_both(#[case] engine: crate::catalog::given::Engine) {}

/// A clock that goes when it is told to.
pub(super) struct TestClock(watch::Sender<DateTime<Utc>>);

impl TestClock {
    fn new() -> Self {
        Self(watch::Sender::new(DateTime::from_timestamp(NEW_YEAR, 0).unwrap()))
    }

    pub(super) fn advance(&self, time: TimeDelta) {
        self.0.send_modify(|now| *now += time);
    }

    pub(super) async fn until_somebody_sleeps(&self) {
        while self.0.receiver_count() == 0 {
            tokio::task::yield_now().await;
        }
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.borrow()
    }

    async fn sleep(&self, duration: Duration) {
        let until = self.now() + TimeDelta::from_std(duration).unwrap();
        self.0.subscribe().wait_for(|now| *now >= until).await.unwrap();
    }
}

/// Executions and what they are made of.
pub(super) struct Given {
    pub(super) executions: Executions,
    pub(super) clock: Arc<TestClock>,
    pub(super) catalog: Arc<dyn Catalog>,
    pub(super) data_dir: TempDir,
    _catalog_place: given::Store,
}

/// Files that live for 48 hours, at most 20 of 50 MB each.
pub(super) async fn given(engine: Engine) -> Given {
    given_with(engine, FileLimits::default()).await
}

pub(super) async fn given_with(engine: Engine, limits: FileLimits) -> Given {
    given_in(interpreters::plain(Isolation::Thread), engine, limits).await
}

pub(super) async fn given_in(interpreter: Interpreter, engine: Engine, limits: FileLimits) -> Given {
    let (data_dir, place, clock) = (tempfile::tempdir().unwrap(), engine.store(), Arc::new(TestClock::new()));
    let catalog = place.open().await;
    let store = Store::open(data_dir.path()).unwrap();
    let files = UserFiles::new(store, Arc::clone(&catalog), limits, Arc::clone(&clock) as Arc<dyn Clock>);
    let executions = Executions::new(interpreter, files);
    Given { executions, clock, catalog, data_dir, _catalog_place: place }
}

pub(super) fn at_most(max_files_per_user: usize) -> FileLimits {
    FileLimits { max_files_per_user, ..FileLimits::default() }
}

impl Given {
    /// Uploads a file of Anna's, a second after whatever came before.
    pub(super) async fn upload(&self, name: &str, content: &str) -> FileRecord {
        self.clock.advance(TimeDelta::seconds(1));
        self.executions.save_upload(ANNA, Upload::named(name), content.as_bytes()).await.unwrap()
    }

    /// Runs code of Anna's, a second after whatever came before.
    pub(super) async fn run(&self, request: RunRequest) -> Answer {
        self.clock.advance(TimeDelta::seconds(1));
        self.executions.run(ANNA, request).await.unwrap().answer().await.unwrap()
    }

    /// The day by the clock of the tests.
    pub(super) fn clock_day(&self) -> chrono::NaiveDate {
        self.clock.now().date_naive()
    }

    /// The names of a user's files, oldest first.
    pub(super) async fn names(&self, user: UserId) -> Vec<String> {
        let records = self.executions.list_files(user, &Selection::All).await.unwrap();
        records.into_iter().map(|record| record.filename).collect()
    }

    pub(super) async fn content(&self, record: &FileRecord) -> String {
        let mut file = self.executions.open_file(record.user_id, record.file_id.as_str()).await.unwrap();
        let mut content = String::new();
        file.content.file.read_to_string(&mut content).await.unwrap();
        content
    }

    /// All stored bytes of a user, as the names they have on the disk.
    pub(super) fn on_disk(&self, user: UserId) -> Vec<String> {
        let folder = self.data_dir.path().join(format!("user_files/{user}"));
        let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The folders of all users.
    pub(super) fn folders(&self) -> Vec<String> {
        let entries = fs::read_dir(self.data_dir.path().join("user_files")).unwrap();
        let folders = entries.map(Result::unwrap).filter(|entry| entry.path().is_dir());
        let mut names: Vec<_> = folders.map(|folder| folder.file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    pub(super) fn bytes_of(&self, record: &FileRecord) -> std::path::PathBuf {
        self.data_dir.path().join(&record.file_path)
    }
}

/// Code that writes files, each with its own name as content.
pub(super) fn writing(names: &[&str]) -> RunRequest {
    RunRequest::new(format!("for name in {names:?}:\n    with open(name, 'w') as file: file.write(name)"))
}

/// The lines that were logged meanwhile on this thread.
pub(super) struct Logged {
    lines: tempfile::NamedTempFile,
    _guard: tracing::subscriber::DefaultGuard,
}

impl Logged {
    pub(super) fn start() -> Self {
        let lines = tempfile::NamedTempFile::new().unwrap();
        let writer = std::sync::Mutex::new(lines.reopen().unwrap());
        let subscriber = tracing_subscriber::fmt()
            .with_writer(writer)
            .with_ansi(false)
            .without_time()
            .with_level(false)
            .with_target(false)
            .finish();
        Self { lines, _guard: tracing::subscriber::set_default(subscriber) }
    }

    /// Those that begin so.
    pub(super) fn beginning(&self, beginning: &str) -> Vec<String> {
        let mut text = String::new();
        self.lines.reopen().unwrap().read_to_string(&mut text).unwrap();
        text.lines().filter(|line| line.starts_with(beginning)).map(str::to_owned).collect()
    }
}
