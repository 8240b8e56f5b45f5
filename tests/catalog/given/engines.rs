//! A catalog of each engine, empty at first and gone in the end.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    thread,
};

pub(crate) use rstest_reuse::apply;
use rstest_reuse::template;
use taipan::catalog::{self, Catalog, Location, Patience};
use tempfile::TempDir;

use super::mongod;

/// Tests that hold for both engines: `#[apply(on_both)]`, and a parameter `engine`.
#[template]
#[rstest::rstest]
#[case::sqlite(crate::catalog::given::Engine::Sqlite)]
#[case::mongodb(crate::catalog::given::Engine::MongoDb)]
pub(crate) fn on_both(#[case] engine: crate::catalog::given::Engine) {}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Engine {
    Sqlite,
    MongoDb,
}

/// Where a test's catalog is kept.
pub(crate) enum Store {
    Sqlite(TempDir),
    MongoDb(TestDatabase),
}

impl Engine {
    /// A place where nothing is yet.
    pub(crate) fn store(self) -> Store {
        match self {
            Self::Sqlite => Store::Sqlite(tempfile::tempdir().unwrap()),
            Self::MongoDb => Store::MongoDb(TestDatabase::new()),
        }
    }
}

impl Store {
    pub(crate) async fn open(&self) -> Arc<dyn Catalog> {
        catalog::open(&self.location(), Patience::default()).await.unwrap()
    }

    pub(crate) fn location(&self) -> Location {
        match self {
            Self::Sqlite(folder) => Location::choose(None, folder.path()).unwrap(),
            Self::MongoDb(database) => database.location(),
        }
    }

    /// The file; for tests of what only SQLite has.
    pub(crate) fn file(&self) -> PathBuf {
        match self.location() {
            Location::File(path) => path,
            Location::Server(_) => panic!("a server has no file"),
        }
    }
}

/// A database of a test's own on the shared server.
pub(crate) struct TestDatabase {
    name: String,
}

impl TestDatabase {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        Self { name: format!("taipan_test_{}_{number}", std::process::id()) }
    }

    pub(crate) fn location(&self) -> Location {
        Location::choose(Some(&self.uri()), "unused".as_ref()).unwrap()
    }

    pub(crate) fn uri(&self) -> String {
        with_database(mongod::shared_uri(), &self.name)
    }

    /// The database as the server has it.
    pub(crate) async fn raw(&self) -> mongodb::Database {
        mongodb::Client::with_uri_str(mongod::shared_uri()).await.unwrap().database(&self.name)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let remove = || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async { self.raw().await.drop().await })
        };
        // Within a test's runtime no other one can wait for something.
        let removed = thread::scope(|scope| scope.spawn(remove).join());
        if !thread::panicking() {
            removed.unwrap().unwrap();
        }
    }
}

/// An address with a database in it, before its options.
pub(crate) fn with_database(uri: &str, name: &str) -> String {
    let (scheme, rest) = uri.split_once("://").unwrap();
    let (before_options, options) = rest.split_once('?').unwrap_or((rest, ""));
    let hosts = before_options.split('/').next().unwrap();
    format!("{scheme}://{hosts}/{name}?{options}")
}
