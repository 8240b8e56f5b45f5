//! What this process, and the sandboxes below it, have in use.

use std::{fmt, fs, path::Path, time::Duration};

use crate::processes::{Below, kilobytes};

/// What is in use at a moment.
pub(crate) struct Footprint {
    resident_kb: u64,
    zygote_kb: Option<u64>,
    in_use: InUse,
}

/// What there must never be more of.
#[derive(Debug, PartialEq, Eq)]
struct InUse {
    threads: usize,
    descriptors: usize,
    folders: usize,
    /// Processes below this one, and what they have open and mounted.
    processes: usize,
    their_descriptors: usize,
    mounts: usize,
}

impl Footprint {
    /// Looks once everything has settled: what is removed behind answers is given a moment.
    pub(crate) fn take(workspaces: &Path) -> Self {
        let mut last = Self::now(workspaces);
        for _ in 0..60 {
            std::thread::sleep(Duration::from_millis(200));
            let now = Self::now(workspaces);
            if now.in_use == last.in_use {
                return now;
            }
            last = now;
        }
        last
    }

    fn now(workspaces: &Path) -> Self {
        let status = fs::read_to_string("/proc/self/status").expect("procfs");
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
        let count = |folder: &Path| fs::read_dir(folder).map_or(0, Iterator::count);
        let roots = fs::read_dir(workspaces).expect("a folder").flatten();
        let below = Below::all();
        let of = |process: &Below, what: &str| Path::new("/proc").join(process.id.to_string()).join(what);
        let mounts = |process| fs::read_to_string(of(process, "mountinfo")).map_or(0, |mounts| mounts.lines().count());
        Self {
            resident_kb: kilobytes(resident).expect("a number"),
            zygote_kb: below.iter().find(|process| process.is_zygote()).and_then(Below::resident_kb),
            in_use: InUse {
                threads: count(Path::new("/proc/self/task")),
                descriptors: count(Path::new("/proc/self/fd")),
                folders: roots.map(|root| count(&root.path())).sum(),
                processes: below.len(),
                their_descriptors: below.iter().map(|process| count(&of(process, "fd"))).sum(),
                mounts: below.iter().filter(|process| !process.is_sandbox()).map(mounts).sum(),
            },
        }
    }

    /// Asserts that no more is in use than before, and memory within so many per cent.
    pub(crate) fn assert_like(&self, before: &Self, per_cent: f64) {
        assert_eq!(self.in_use, before.in_use);
        #[expect(clippy::cast_precision_loss, reason = "kilobytes of one process")]
        let growth = |now: u64, before: u64| (now as f64 / before as f64 - 1.0) * 100.0;
        let own = growth(self.resident_kb, before.resident_kb);
        assert!(own <= per_cent, "resident memory grew by {own:.1} %");
        if let (Some(now), Some(before)) = (self.zygote_kb, before.zygote_kb) {
            let zygotes = growth(now, before);
            assert!(zygotes <= per_cent, "the zygote's resident memory grew by {zygotes:.1} %");
        }
    }
}

impl fmt::Display for Footprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { resident_kb, zygote_kb, in_use } = self;
        let InUse { threads, descriptors, folders, processes, their_descriptors, mounts } = in_use;
        write!(
            formatter,
            "{resident_kb} kB resident, {threads} threads, {descriptors} descriptors, {folders} folders"
        )?;
        if let Some(zygote_kb) = zygote_kb {
            write!(
                formatter,
                "; below: {zygote_kb} kB in the zygote, {processes} processes, {their_descriptors} descriptors, \
                 {mounts} mounts"
            )?;
        }
        Ok(())
    }
}
