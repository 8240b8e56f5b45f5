//! What may not be left when a run has ended.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process, thread,
    time::{Duration, Instant},
};

/// How long it may take until everything is gone.
const PATIENCE: Duration = Duration::from_secs(15);
const STEP: Duration = Duration::from_millis(10);
/// Processes besides sandboxes: the mounter, the two of the zygote, and the maker of first processes.
const LASTING: usize = 4;
/// What each sandbox consists of: its first process, and the one that runs code.
const OF_A_SANDBOX: usize = 2;
/// Where anybody may leave something.
const PUBLIC: [&str; 2] = ["/dev/shm", "/proc/sysvipc"];

/// Looks at everything that one interpreter has of the machine.
pub(super) struct Leftovers {
    /// Where the runs' folders are made.
    folder: PathBuf,
    public: BTreeSet<String>,
    /// The fewest descriptors of this process so far, by the number of sandboxes that wait.
    descriptors: BTreeMap<usize, usize>,
}

/// A process as `/proc` shows it.
#[derive(PartialEq)]
struct Seen {
    process: u32,
    parent: u32,
    state: char,
    ticks: u64,
    threads: u64,
}

impl Leftovers {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), public: public(), descriptors: BTreeMap::new() }
    }

    /// Waits until only sandboxes that wait are there; gives what is left besides.
    pub(super) fn look(&mut self) -> Vec<String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = self.look_once();
            if left.is_empty() || Instant::now() > deadline {
                return left;
            }
            thread::sleep(STEP);
        }
    }

    fn look_once(&mut self) -> Vec<String> {
        let mut left = Vec::new();
        let all = descendants();
        let waiting = all.len().saturating_sub(LASTING) / OF_A_SANDBOX;
        if all.len() < LASTING || !(all.len() - LASTING).is_multiple_of(OF_A_SANDBOX) {
            left.push(format!("{} processes", all.len()));
        }
        let busy = all.iter().filter(|seen| seen.threads > 1 || seen.state != 'S');
        left.extend(busy.map(|seen| format!("process {} ({}, {} threads)", seen.process, seen.state, seen.threads)));
        if left.is_empty() {
            thread::sleep(STEP);
            if descendants() != all {
                left.push("processes that work".to_owned());
            }
        }
        let Some(mounter) = all.iter().find(|seen| seen.parent == process::id()) else {
            return vec!["no mounter".to_owned()];
        };
        left.extend(mounts(mounter.process));
        let slots = self.slots(mounter.process);
        if slots != waiting {
            left.push(format!("{slots} folders for inputs and {waiting} sandboxes"));
        }
        left.extend(public().difference(&self.public).cloned());
        if left.is_empty() {
            left.extend(self.look_at_descriptors(waiting));
        }
        left
    }

    /// Each sandbox that waits has as many descriptors as any other; one that is being made, and of which there is no
    /// process yet, has some as well.
    fn look_at_descriptors(&mut self, waiting: usize) -> Option<String> {
        let open = fs::read_dir("/proc/self/fd").expect("descriptors").count();
        let fewest = self.descriptors.entry(waiting).or_insert(open);
        let before = *fewest;
        *fewest = before.min(open);
        (open > before).then(|| format!("{open} descriptors, where {before} were"))
    }

    /// The folders through which sandboxes are shown files.
    fn slots(&self, mounter: u32) -> usize {
        let Ok(roots) = fs::read_dir(&self.folder) else { return 0 };
        let count = |root: PathBuf| {
            let seen = root.strip_prefix("/").expect("an absolute path").join("staging/slots");
            fs::read_dir(Path::new(&format!("/proc/{mounter}/root")).join(seen)).map_or(0, Iterator::count)
        };
        roots.flatten().map(|root| count(root.path())).sum()
    }
}

/// What is mounted where sandboxes are shown files.
fn mounts(mounter: u32) -> Vec<String> {
    let mounts = fs::read_to_string(format!("/proc/{mounter}/mountinfo")).unwrap_or_default();
    mounts.lines().filter(|mount| mount.contains("/staging/slots/")).map(|mount| format!("mounted: {mount}")).collect()
}

fn public() -> BTreeSet<String> {
    let names = PUBLIC.iter().flat_map(|folder| fs::read_dir(folder).into_iter().flatten().flatten());
    let names = names.map(|entry| entry.path());
    // Lists of queues and segments: their lines are what may be left.
    names
        .flat_map(|path| {
            if path.starts_with("/proc") {
                fs::read_to_string(path).unwrap_or_default().lines().skip(1).map(str::to_owned).collect()
            } else {
                vec![path.display().to_string()]
            }
        })
        .collect()
}

/// The processes that stem from this one.
fn descendants() -> Vec<Seen> {
    let all: Vec<Seen> = fs::read_dir("/proc")
        .expect("processes")
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(seen)
        .collect();
    let mut found = BTreeSet::from([process::id()]);
    loop {
        let before = found.len();
        found.extend(
            all.iter().filter(|seen| found.contains(&seen.parent)).map(|seen| seen.process).collect::<Vec<_>>(),
        );
        if found.len() == before {
            break;
        }
    }
    all.into_iter().filter(|seen| seen.process != process::id() && found.contains(&seen.process)).collect()
}

fn seen(process: u32) -> Option<Seen> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name stands in brackets and may hold anything.
    let fields: Vec<_> = stat.rsplit_once(") ")?.1.split(' ').collect();
    let number = |field: usize| fields.get(field)?.parse::<u64>().ok();
    Some(Seen {
        process,
        parent: u32::try_from(number(1)?).ok()?,
        state: fields.first()?.chars().next()?,
        ticks: number(11)? + number(12)?,
        threads: number(17)?,
    })
}
