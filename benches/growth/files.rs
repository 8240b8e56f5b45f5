//! Whole files on top of a catalog: a large one, many that end at once, and all of one user's.

use std::{
    fs,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use taipan::{
    catalog::{Catalog, FileRecord},
    executions::{Clock, FileLimits, Upload, UserFiles},
    files::Store,
    identifiers::UserId,
};
use tokio::io::{AsyncRead, ReadBuf};

use crate::{EXPIRED, OF_A_RESET, ROUNDS, Table, stores::now};

const LARGE: u64 = 50 * 1024 * 1024;
/// How much more memory a save of 50 MB may take at its peak, in bytes: some buffers, and none of the file.
const FLAT: u64 = 8 * 1024 * 1024;
/// How long a reset may take (U9).
const RESET: Duration = Duration::from_secs(1);
const OF_EACH: u32 = 500;

/// Measures what people wait for, in a folder of its own.
pub(crate) async fn measure(catalog: Arc<dyn Catalog>, table: &mut Table) {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(SetClock(AtomicI64::new(0)));
    let store = Store::open(folder.path()).expect("a store");
    let limits = FileLimits { max_files_per_user: 2_000_000, ..FileLimits::default() };
    let files = UserFiles::new(store, catalog, limits, Arc::clone(&clock) as Arc<dyn Clock>);
    measure_large(&files, table).await;
    measure_reset(&files, table).await;
    measure_cleanup(&files, &clock, table).await;
}

async fn measure_large(files: &UserFiles, table: &mut Table) {
    let user = UserId(100);
    // What the first one needs once is not what a large one needs.
    save(files, user, "first.bin", 1024 * 1024).await;
    let (mut samples, mut most) = (Vec::new(), 0);
    for number in 0..5 {
        let before = reset_peak();
        let begun = Instant::now();
        let record = save(files, user, &format!("{number}.bin"), LARGE).await;
        samples.push(begun.elapsed());
        most = most.max(peak().saturating_sub(before));
        assert_eq!(record.file_size, LARGE);
    }
    assert!(most <= FLAT, "a save of 50 MB took {most} bytes of memory");
    table.row("save of 50 MB", samples);
    table.note(&format!("memory for a save of 50 MB, at most: {} KB", most / 1024));
    assert_eq!(files.delete_all_files(user).await.expect("a deletion").deleted.len(), 6);
}

async fn measure_reset(files: &UserFiles, table: &mut Table) {
    let mut samples = Vec::new();
    for _ in 0..ROUNDS {
        for number in 0..OF_A_RESET {
            save(files, UserId(101), &format!("{number}.bin"), 100_000).await;
        }
        let begun = Instant::now();
        let deletion = files.delete_all_files(UserId(101)).await.expect("a deletion");
        samples.push(begun.elapsed());
        assert_eq!((deletion.deleted.len(), deletion.failed.len()), (OF_A_RESET as usize, 0));
        assert!(samples.iter().all(|taken| *taken < RESET), "a reset took {samples:?}");
    }
    table.row("reset of 20 files with their bytes", samples);
}

async fn measure_cleanup(files: &UserFiles, clock: &SetClock, table: &mut Table) {
    for number in 0..EXPIRED {
        save(files, UserId(200 + i64::from(number / OF_EACH)), &format!("{number}.bin"), 100).await;
    }
    clock.0.store(TimeDelta::hours(49).num_seconds(), Ordering::Relaxed);
    let begun = Instant::now();
    let cleanup = files.clean().await.expired_files;
    let taken = begun.elapsed();
    assert_eq!(cleanup, u64::from(EXPIRED));
    table.row("clean-up of 10,000 expired with their bytes", vec![taken]);
}

async fn save(files: &UserFiles, user: UserId, name: &str, bytes: u64) -> FileRecord {
    files.save_upload(user, Upload::named(name), Repeated(bytes)).await.expect("a record")
}

/// So many bytes, none of which are in memory.
struct Repeated(u64);

impl AsyncRead for Repeated {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let count = buffer.remaining().min(usize::try_from(self.0).unwrap_or(usize::MAX));
        buffer.initialize_unfilled_to(count).fill(7);
        buffer.advance(count);
        self.0 -= count as u64;
        Poll::Ready(Ok(()))
    }
}

/// The present of the measurement, some seconds on.
struct SetClock(AtomicI64);

#[async_trait]
impl Clock for SetClock {
    fn now(&self) -> DateTime<Utc> {
        now() + TimeDelta::seconds(self.0.load(Ordering::Relaxed))
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// Forgets the most memory that this process had, and gives what it has now, in bytes.
fn reset_peak() -> u64 {
    fs::write("/proc/self/clear_refs", "5").expect("the peak can be forgotten");
    peak()
}

/// The most memory that this process had, in bytes.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("what is known of this process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its peak");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
}
