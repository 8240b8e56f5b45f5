//! What a program does until it is killed: hundreds of things at once, telling of each before and after.

use std::{fmt::Write as _, io::Write as _, sync::Arc, time::Duration};

use chrono::TimeDelta;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde::{Deserialize, Serialize};
use taipan::{
    Isolation,
    catalog::{self, FileRecord, Location, Patience, Selection},
    executions::{Clock, ExecutionError, Executions, FileLimits, Keeping, RunRequest, Upload, UserFiles},
    files::Store,
    identifiers::UserId,
};
use tokio::{sync::Semaphore, task::JoinSet};

use super::{
    clock::JumpingClock,
    told::{SAYS, sha256},
};
use crate::interpreters;

pub(super) const USERS: i64 = 20;
/// The one whose files are now and then all deleted at once.
pub(super) const RESETTING: UserId = UserId(USERS);
const LARGEST: usize = 64 * 1024;
/// How far the clock jumps at most, in seconds: less than files live.
const FARTHEST: i64 = 40 * 3600;

/// What a program is to do, and with what.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Work {
    pub(super) data_dir: String,
    /// The server's address; none is the file in the folder.
    pub(super) catalog: Option<String>,
    pub(super) seed: u64,
    pub(super) operations: usize,
    /// How many of them at a time.
    pub(super) at_once: usize,
    /// How long it waits for a catalog that is away, in milliseconds.
    pub(super) patience: u64,
    pub(super) has_jumping_clock: bool,
    /// How large any file of the program may become, in bytes.
    pub(super) file_limit: Option<u64>,
}

/// Does the work to its end.
pub(super) fn go(work: &Work) {
    if let Some(bytes) = work.file_limit {
        // SAFETY: nothing else in this process minds the signal.
        unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
        let maximum = getrlimit(Resource::Fsize).maximum;
        setrlimit(Resource::Fsize, Rlimit { current: Some(bytes), maximum }).unwrap();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    runtime.block_on(go_on(work));
}

async fn go_on(work: &Work) {
    let clock = Arc::new(JumpingClock::default());
    let program = Program { executions: open(work, Arc::clone(&clock)).await, clock };
    let (mut random, room) = (fastrand::Rng::with_seed(work.seed), Arc::new(Semaphore::new(work.at_once)));
    let mut doing = JoinSet::new();
    for _ in 0..work.operations {
        let (program, random, room) = (program.clone(), random.fork(), Arc::clone(&room));
        let may_jump = work.has_jumping_clock;
        doing.spawn(async move {
            let _permit = room.acquire_owned().await.unwrap();
            program.operate(random, may_jump).await;
        });
    }
    while let Some(done) = doing.join_next().await {
        done.unwrap();
    }
    tell("done");
}

async fn open(work: &Work, clock: Arc<JumpingClock>) -> Executions {
    let data_dir = work.data_dir.as_ref();
    let patience = Patience { retries: Duration::from_millis(work.patience), ..Patience::default() };
    let location = Location::choose(work.catalog.as_deref(), data_dir).unwrap();
    let catalog = catalog::open(&location, patience).await.unwrap();
    // Nothing of the machine's temporary files is on the disk that becomes full.
    let interpreter = interpreters::settings(Isolation::Thread).workers(2).queue_capacity(1000).build().unwrap();
    let limits = FileLimits { max_files_per_user: 100_000, ..FileLimits::default() };
    Executions::new(interpreter, UserFiles::new(Store::open(data_dir).unwrap(), catalog, limits, clock))
}

#[derive(Clone)]
struct Program {
    executions: Executions,
    clock: Arc<JumpingClock>,
}

impl Program {
    async fn operate(&self, mut random: fastrand::Rng, may_jump: bool) {
        let user = UserId(random.i64(1..=USERS));
        match random.u32(..100) {
            0..45 => drop(self.save(user, &mut random).await),
            45..55 => {
                if let Some(record) = self.save(user, &mut random).await {
                    self.delete(&record).await;
                }
            }
            55..75 => self.delete_any(user, &mut random).await,
            75..95 => self.run(user, &mut random).await,
            95..97 => self.reset().await,
            _ if may_jump => {
                let seconds = random.i64(-FARTHEST..FARTHEST);
                tell(&format!("clock {seconds}"));
                self.clock.jump_to(seconds);
                self.executions.clean().await;
            }
            _ => drop(self.executions.clean().await),
        }
    }

    async fn save(&self, user: UserId, random: &mut fastrand::Rng) -> Option<FileRecord> {
        let content: Vec<u8> = (0..random.usize(..=LARGEST)).map(|_| random.u8(..)).collect();
        let extension = random.choice(["csv", "txt", "bin", "png"]).unwrap();
        tell(&format!("saving {user} {}", sha256(&content)));
        let upload = Upload::named(format!("{}.{extension}", random.u16(..)));
        match self.executions.save_upload(user, upload, &content[..]).await {
            Ok(record) => {
                tell_saved(&record);
                Some(record)
            }
            Err(error) => {
                tell(&format!("failed {error}"));
                None
            }
        }
    }

    async fn delete_any(&self, user: UserId, random: &mut fastrand::Rng) {
        match self.executions.list_files(user, &Selection::All).await {
            Ok(there) => {
                if let Some(record) = random.choice(&there) {
                    self.delete(record).await;
                }
            }
            Err(error) => tell(&format!("failed {error}")),
        }
    }

    async fn delete(&self, record: &FileRecord) {
        let FileRecord { user_id, file_id, .. } = record;
        tell(&format!("deleting {user_id} {file_id}"));
        match self.executions.delete_file(*user_id, file_id.as_str()).await {
            Ok(_) => tell(&format!("deleted {user_id} {file_id}")),
            // Somebody else was faster.
            Err(ExecutionError::FileNotFound) => {}
            Err(error) => tell(&format!("failed {error}")),
        }
    }

    async fn run(&self, user: UserId, random: &mut fastrand::Rng) {
        let mut code = String::from("import os\nos.makedirs('out', exist_ok=True)\n");
        for _ in 0..random.usize(1..4) {
            let (word, times) = (format!("{:016x}", random.u64(..)), random.usize(..LARGEST / 16));
            tell(&format!("saving {user} {}", sha256(word.repeat(times).as_bytes())));
            writeln!(code, "open('out/{word}.txt', 'w').write('{word}' * {times})").unwrap();
        }
        let mut request = RunRequest::new(code);
        if random.bool() {
            request = request.of_message(format!("m{}", random.u8(..9)).parse().unwrap(), None);
        }
        let ran = match self.executions.run(user, request).await {
            Ok(run) => run.answer().await,
            Err(error) => Err(error),
        };
        let answer = match ran {
            Ok(answer) => answer,
            Err(error) => return tell(&format!("failed {error}")),
        };
        if !answer.outcome.success() {
            tell(&format!("failed {}", answer.outcome.output.replace('\n', " ")));
        }
        for file in &answer.generated_files {
            match &file.keeping {
                Keeping::Stored(record) => tell_saved(record),
                Keeping::NotStored { reason } => tell(&format!("failed {reason}")),
            }
        }
    }

    async fn reset(&self) {
        if let Err(error) = self.executions.reset(RESETTING).await {
            tell(&format!("failed {error}"));
        }
    }
}

fn tell_saved(record: &FileRecord) {
    let FileRecord { user_id, file_id, sha256, .. } = record;
    let end = record.expires_at.map_or_else(|| "never".to_owned(), |end| end.timestamp_millis().to_string());
    tell(&format!("saved {user_id} {file_id} {sha256} {end}"));
}

/// In one piece, and out of this process when it returns: what is written to a pipe outlives its writer.
fn tell(line: &str) {
    let mut output = std::io::stdout().lock();
    output.write_all(format!("\n{SAYS} {line}\n").as_bytes()).unwrap();
    output.flush().unwrap();
}

/// How the clock of a check goes on after such a program.
pub(super) fn two_hours_on() -> Arc<dyn Clock> {
    Arc::new(JumpingClock::ahead(TimeDelta::hours(2)))
}
