//! Faults at random moments of hundreds of saves, deletions and runs at once: what was acknowledged holds, what is listed
//! is whole, and nothing else outlives a cleanup (S11).
//!
//! A program, this one started once more, works on a folder and tells of each thing before and after; it is killed, and
//! what it told is compared with what is there. The next program works on the same folder. With `make test` it is few
//! things twice, with `make chaos` 500 things twenty times. `CHAOS_SEED` repeats what failed.

mod checks;
mod clock;
mod disks;
mod program;
mod random;
mod told;
mod work;

use std::{fs, path::PathBuf};

use taipan::catalog::Location;
use tempfile::TempDir;

use self::{
    program::{Program, is_program},
    random::{Chance, operations, times},
    told::Told,
    work::Work,
};
use super::given::{apply, on_both};
use crate::{
    catalog::given::{Engine, TestDatabase, mongod::OwnServer},
    own_process::{block_on, in_own_process},
};

/// Files of a disk that becomes full: fewer than a program makes.
const SMALL_DISK_MB: usize = 3;
/// Any file of an ordinary user's program has at most so many bytes, that of the catalog too.
const SMALL_FILE: u64 = 200_000;

/// What may be said while the server is away.
const AWAY: [&str; 1] = [" does not answer: check that the server runs, and that this machine reaches it ("];
/// What may be said on a full disk.
const FULL: [&str; 5] = [
    "The folder of message workspaces cannot be used (No space left on device (os error 28)).",
    "The disk is full. Delete files that are no longer needed, then try again.",
    "has no room left on its disk: make room, then try again.",
    "File too large (os error 27)",
    "failed: Error while trying to write to a file",
];
/// What may be said in a folder that is read-only.
const READ_ONLY: [&str; 1] = ["The folder of stored files cannot be written to"];
/// What may be said when files that are being received are swept as those of yesterday.
const SWEPT: [&str; 1] = ["The file's content is no longer there."];

/// A folder with its catalog, and the programs on it, one after the other.
struct Site {
    /// The name of the test.
    test: String,
    folder: TempDir,
    catalog: Option<String>,
    told: Told,
    chance: Chance,
    _database: Option<TestDatabase>,
}

impl Site {
    fn new(test: &str, engine: Engine) -> Self {
        let database = matches!(engine, Engine::MongoDb).then(TestDatabase::new);
        let catalog = database.as_ref().map(TestDatabase::uri);
        Self { _database: database, ..Self::with_catalog(&full_name(test, engine), catalog) }
    }

    fn with_catalog(test: &str, catalog: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["data", "tmp"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let (told, chance) = (Told::default(), Chance::new());
        Self { test: test.to_owned(), folder, catalog, told, chance, _database: None }
    }

    fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn work(&mut self) -> Work {
        let operations = operations();
        Work {
            data_dir: self.data_dir().to_str().unwrap().to_owned(),
            catalog: self.catalog.clone(),
            seed: self.chance.random.u64(..),
            operations,
            at_once: if self.chance.random.bool() { 16 } else { operations },
            patience: 20_000,
            has_jumping_clock: false,
            file_limit: None,
        }
    }

    fn start(&self, work: &Work) -> Program {
        Program::start(&self.test, work, &self.folder.path().join("tmp"))
    }

    /// Lets the program tell some of what is left, at random.
    fn follow(&mut self, program: &mut Program) {
        let lines = self.chance.random.usize(..operations());
        program.follow(lines, &mut self.told);
    }

    /// Opens the folder again; of what the program could not do, all must have been said in a known sentence.
    fn check(&mut self, known: &[&str]) {
        let is_known = |failure: &&String| known.iter().any(|known| failure.contains(known));
        let unknown: Vec<_> = self.told.failures.iter().filter(|failure| !is_known(failure)).collect();
        assert_eq!(unknown, Vec::<&String>::new());
        let (data_dir, told) = (self.folder.path().join("data"), &mut self.told);
        let location = Location::choose(self.catalog.as_deref(), &data_dir).unwrap();
        block_on(checks::check(&data_dir, &location, told));
    }
}

/// S11
#[apply(on_both)]
#[test]
fn what_was_acknowledged_survives_a_killed_program(engine: Engine) {
    if is_program() {
        return;
    }
    let mut site = Site::new("what_was_acknowledged_survives_a_killed_program", engine);
    for _ in 0..times() {
        let work = site.work();
        let mut program = site.start(&work);
        site.follow(&mut program);
        site.follow(&mut program);
        program.kill(&mut site.told);
        site.check(&[]);
    }
}

/// S11: the server is killed, and started again before or after the program is killed too.
#[test]
fn what_was_acknowledged_survives_a_killed_server() {
    if is_program() {
        return;
    }
    let server = OwnServer::start();
    let uri = server.uri();
    let mut site = Site::with_catalog("executions::chaos::what_was_acknowledged_survives_a_killed_server", Some(uri));
    for _ in 0..times() {
        let (is_patient, ends_first) = (site.chance.random.bool(), site.chance.random.bool());
        let work = Work { patience: if is_patient { 20_000 } else { 300 }, ..site.work() };
        let mut program = site.start(&work);
        site.follow(&mut program);
        server.kill();
        if ends_first {
            program.kill(&mut site.told);
            server.start_again();
        } else {
            server.start_again();
            site.follow(&mut program);
            program.kill(&mut site.told);
        }
        site.check(&AWAY);
    }
}

/// S11: for an ordinary user it is the size that a file may have, and the catalog's is one.
#[apply(on_both)]
#[test]
fn what_was_acknowledged_survives_a_full_disk(engine: Engine) {
    if is_program() {
        return;
    }
    let test = "what_was_acknowledged_survives_a_full_disk";
    in_own_process(&full_name(test, engine), || {
        let mut site = Site::new(test, engine);
        if disks::is_root() {
            disks::mount_for_oneself();
            disks::mount_disk(&site.data_dir(), SMALL_DISK_MB);
        }
        for round in 0..times() {
            let file_limit = (!disks::is_root()).then_some(SMALL_FILE);
            let work = Work { file_limit, ..site.work() };
            let mut program = site.start(&work);
            site.follow(&mut program);
            site.follow(&mut program);
            program.kill(&mut site.told);
            if disks::is_root() {
                // Somebody makes room.
                disks::resize_disk(&site.data_dir(), SMALL_DISK_MB * (round + 2));
            }
            site.check(&FULL);
        }
    });
}

/// S11
#[apply(on_both)]
#[test]
fn what_was_acknowledged_survives_a_folder_that_is_read_only_for_a_while(engine: Engine) {
    if is_program() {
        return;
    }
    let test = "what_was_acknowledged_survives_a_folder_that_is_read_only_for_a_while";
    in_own_process(&full_name(test, engine), || {
        let mut site = Site::new(test, engine);
        if disks::is_root() {
            disks::mount_for_oneself();
        }
        let stored = site.data_dir().join("user_files");
        fs::create_dir(&stored).unwrap();
        for _ in 0..times() {
            let work = site.work();
            let mut program = site.start(&work);
            site.follow(&mut program);
            disks::make_read_only(&stored);
            site.follow(&mut program);
            disks::make_writable_again(&stored);
            site.follow(&mut program);
            program.kill(&mut site.told);
            site.check(&READ_ONLY);
        }
    });
}

/// S8, S11: no file ends before its time, and no two files have one id (S4).
#[apply(on_both)]
#[test]
fn what_was_acknowledged_survives_a_clock_that_jumps(engine: Engine) {
    if is_program() {
        return;
    }
    let mut site = Site::new("what_was_acknowledged_survives_a_clock_that_jumps", engine);
    for _ in 0..times() {
        let work = Work { has_jumping_clock: true, ..site.work() };
        let mut program = site.start(&work);
        site.follow(&mut program);
        site.follow(&mut program);
        program.kill(&mut site.told);
        site.check(&SWEPT);
    }
}

/// What the test program calls a test of an engine.
fn full_name(test: &str, engine: Engine) -> String {
    let case = match engine {
        Engine::Sqlite => "case_1_sqlite",
        Engine::MongoDb => "case_2_mongodb",
    };
    format!("executions::chaos::{test}::{case}")
}
