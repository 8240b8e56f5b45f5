//! How long one user's list, a look-up and changes take as his records become many, on both engines: `make growth`.
//!
//! The table goes into `benches/RESULTS.md`. Every call's answer is asserted while it is measured. `GROWTH_RECORDS` is
//! how many records there are in the end, a million unless it is set.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a measurement that cannot be taken says why"
)]
#![expect(clippy::print_stdout, reason = "a program that prints its results")]
#![expect(clippy::disallowed_methods, reason = "a variable says how far to go on")]

mod files;
#[path = "../../tests/catalog/given/mongod.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod mongod;
#[expect(dead_code, reason = "the budgets keep what stands there")]
mod results;
mod stores;

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use taipan::{
    catalog::{Catalog, FileRecord, Insertion, Page, Selection},
    identifiers::UserId,
};

use crate::stores::{OWNER, Store, now, record};

/// How many records there are while it is measured.
const STEPS: [u32; 3] = [100, 10_000, 1_000_000];
/// How long one user's list may take while he has so many records (DESIGN 7).
const LIST: (u32, Duration) = (10_000, Duration::from_millis(5));
const SAMPLES: u32 = 200;
const ROUNDS: u32 = 20;
/// As many files as a user has who resets (U9).
const OF_A_RESET: u32 = 20;
/// As many as end at once in the worst case.
const EXPIRED: u32 = 10_000;

#[tokio::main]
async fn main() {
    // `cargo test --benches` only asks whether this builds.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let most = std::env::var("GROWTH_RECORDS").map_or(1_000_000, |text| text.parse().expect("a number"));
    let mut table = Table::new();
    for store in Store::of_each_engine() {
        let catalog = store.open().await;
        table.begin(store.name(), 0);
        files::measure(std::sync::Arc::clone(&catalog), &mut table).await;
        let mut filled = 0;
        for records in STEPS.into_iter().filter(|records| *records <= most) {
            store.fill(filled, records).await;
            filled = records;
            table.begin(store.name(), records);
            measure_reading(&*catalog, records, &mut table).await;
            measure_changing(&*catalog, &mut table).await;
        }
        measure_expiry(&*catalog, &mut table).await;
        catalog.close().await;
    }
    let day = chrono::Utc::now().format("%Y-%m-%d");
    let text = format!("Written by `make growth` ({day}); times in µs.\n\n{}{}", table.text, table.notes);
    println!("{text}");
    results::write(&text);
}

/// What others of his see: one page of his list, one file, how many there are.
async fn measure_reading(catalog: &dyn Catalog, records: u32, table: &mut Table) {
    let newest = Page { limit: 25, after: Some(record(records - 26).position()) };
    for (name, page, first) in [("25 oldest", Page { limit: 25, after: None }, 0), ("25 newest", newest, records - 25)]
    {
        let mut samples = Vec::new();
        for _ in 0..SAMPLES {
            let begun = Instant::now();
            let listed = catalog.list_files(OWNER, &Selection::All, now(), &page).await.expect("a list");
            samples.push(begun.elapsed());
            assert_eq!((listed.len(), &listed[0]), (25, &record(first)));
        }
        samples.sort();
        let median = samples[samples.len() / 2];
        assert!(records != LIST.0 || median <= LIST.1, "a list took {median:?}");
        table.row(&format!("list of the {name}"), samples);
    }
    let mut samples = Vec::new();
    for sample in 0..SAMPLES {
        let wanted = record(sample * 7919 % records);
        let begun = Instant::now();
        let found = catalog.find_file(OWNER, &wanted.file_id, now()).await.expect("an answer");
        samples.push(begun.elapsed());
        assert_eq!(found, Some(wanted));
    }
    table.row("look-up", samples);
    let mut samples = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        assert_eq!(catalog.count_files(OWNER, now()).await.expect("a count"), u64::from(records));
        samples.push(begun.elapsed());
    }
    table.row("count of one user's", samples);
    let mut samples = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        assert_eq!(catalog.file_totals(now()).await.expect("totals").files, u64::from(records));
        samples.push(begun.elapsed());
    }
    table.row("totals of all", samples);
}

/// Another user saves his files and resets, again and again.
async fn measure_changing(catalog: &dyn Catalog, table: &mut Table) {
    let (mut inserts, mut resets) = (Vec::new(), Vec::new());
    let user = UserId(8);
    for _ in 0..ROUNDS {
        for number in 0..OF_A_RESET {
            let begun = Instant::now();
            let added = catalog.insert_file(&FileRecord { user_id: user, ..record(number) }).await;
            inserts.push(begun.elapsed());
            assert_eq!(added.expect("a record"), Insertion::Added);
        }
        let begun = Instant::now();
        assert_eq!(catalog.delete_all_files(user).await.expect("a deletion").len(), OF_A_RESET as usize);
        resets.push(begun.elapsed());
    }
    table.row("one more record", inserts);
    table.row("reset of 20 files", resets);
}

/// The cleaner finds ten thousand records whose time is over, and removes them.
async fn measure_expiry(catalog: &dyn Catalog, table: &mut Table) {
    let end = now() - TimeDelta::hours(1);
    let records: Vec<_> = (0..EXPIRED)
        .map(|number| FileRecord {
            user_id: UserId(9),
            expires_at: Some(end),
            uploaded_at: end - TimeDelta::hours(1),
            ..record(number)
        })
        .collect();
    for some in records.chunks(64) {
        for added in futures_util::future::join_all(some.iter().map(|record| catalog.insert_file(record))).await {
            assert_eq!(added.expect("a record"), Insertion::Added);
        }
    }
    let begun = Instant::now();
    let mut removed = 0;
    loop {
        let expired = catalog.expired_files(now(), 1000).await.expect("a list");
        if expired.is_empty() {
            break;
        }
        let keys: Vec<_> = expired.iter().map(FileRecord::key).collect();
        removed += catalog.delete_expired_files(&keys, now()).await.expect("a deletion").len();
    }
    let taken = begun.elapsed();
    assert_eq!(removed, EXPIRED as usize);
    table.row("clean-up of 10,000 expired", vec![taken]);
}

/// What was measured, as it is shown.
struct Table {
    text: String,
    /// What is no time.
    notes: String,
    engine: &'static str,
    records: u32,
}

impl Table {
    fn new() -> Self {
        let text = "| engine | records | what | p50 | p99 |\n|---|---|---|---|---|\n".to_owned();
        Self { text, notes: String::new(), engine: "", records: 0 }
    }

    fn begin(&mut self, engine: &'static str, records: u32) {
        (self.engine, self.records) = (engine, records);
    }

    fn note(&mut self, text: &str) {
        writeln!(self.notes, "\n{}: {text}.", self.engine).expect("a string");
    }

    fn row(&mut self, name: &str, mut samples: Vec<Duration>) {
        samples.sort();
        let at = |share: usize| samples[(samples.len() - 1) * share / 100].as_micros();
        let Self { engine, records, .. } = *self;
        eprintln!("{engine}, {records}: {name} {} µs", at(50));
        writeln!(self.text, "| {engine} | {records} | {name} | {} | {} |", at(50), at(99)).expect("a string");
    }
}
