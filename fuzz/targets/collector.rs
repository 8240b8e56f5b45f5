//! Collecting from a folder in which code did what it liked, and does so still: nothing outside is opened, named or
//! changed, limits hold, and each file is what is said of it.

#![no_main]

use std::{
    collections::HashSet,
    fs,
    mem::MaybeUninit,
    os::fd::{AsFd, OwnedFd},
    path::{Component, Path, PathBuf},
    sync::{
        LazyLock,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use libfuzzer_sys::fuzz_target;
use rustix::fs::{Mode, OFlags, inotify, open};
use sha2::{Digest, Sha256};
use taipan::{
    GeneratedFile, InputFile,
    interpreter::fuzzing::{Folder, Folders, Found, Limits},
};
use taipan_fuzz::operations::{Operation, Outside};
use tempfile::TempDir;

const LIMITS: Limits = Limits { files: 8, bytes: 64 * 1024, depth: 4, names: 100, time: Duration::from_secs(2) };
/// Two collections, one reading, and the removal of the folder; a machine may be busy with something else.
const LONGEST: Duration = Duration::from_secs(20);
const MOST_OMITTED: usize = 100;

/// What code does in its folder.
#[derive(arbitrary::Arbitrary, Debug)]
struct Story {
    /// The folder is a sandbox's, of which there is only a handle.
    is_handed: bool,
    is_watched: bool,
    has_input: bool,
    before: Vec<Operation>,
    /// Done again and again by another thread while files are collected.
    meanwhile: Vec<Operation>,
    between: Vec<Operation>,
}

/// What lies outside, and must stay as it is.
struct Canary {
    /// Of the folders of runs; dropped with all else at the end.
    parent: TempDir,
    folders: Folders,
    outside: Outside,
    secret: String,
    input: PathBuf,
    events: OwnedFd,
}

static CANARY: LazyLock<Canary> = LazyLock::new(|| Canary::new().expect("files outside can be made"));

impl Canary {
    fn new() -> std::io::Result<Self> {
        let parent = TempDir::new()?;
        let folder = parent.path().join("outside");
        fs::create_dir(&folder)?;
        // Nothing that an input could hold.
        let secret = format!("secret {}", parent.path().display());
        let file = folder.join(parent.path().file_name().unwrap_or_default());
        fs::write(&file, &secret)?;
        let input = parent.path().join("given.csv");
        fs::write(&input, "a,b\n1,2\n")?;
        let events = inotify::init(inotify::CreateFlags::NONBLOCK | inotify::CreateFlags::CLOEXEC)?;
        inotify::add_watch(&events, &folder, inotify::WatchFlags::ALL_EVENTS)?;
        inotify::add_watch(&events, &file, inotify::WatchFlags::ALL_EVENTS)?;
        let folders = Folders::create(parent.path())?;
        Ok(Self { parent, folders, outside: Outside { folder, file }, secret, input, events })
    }

    /// A folder for a run. A sandbox's own is made in a folder of ours, which is removed later.
    fn folder(&self, is_handed: bool) -> std::io::Result<(Folder, Option<TempDir>)> {
        if !is_handed {
            return Ok((self.folders.own()?, None));
        }
        let there = TempDir::new_in(&self.parent)?;
        let handle = open(there.path(), OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
        Ok((self.folders.handed(handle)?, Some(there)))
    }

    /// Panics when somebody was outside.
    fn check(&self) {
        let mut buffer = [MaybeUninit::uninit(); 1024];
        let mut events = inotify::Reader::new(&self.events, &mut buffer);
        if let Ok(event) = events.next() {
            panic!("outside was opened: {:?} {:?}", event.events(), event.file_name());
        }
        assert_eq!(fs::read(&self.input).expect("the input is there"), b"a,b\n1,2\n");
    }

    fn is_named_in(&self, text: &str) -> bool {
        let name = self.outside.file.file_name().unwrap_or_default().to_string_lossy();
        text.contains(&*name)
    }
}

fuzz_target!(|story: Story| {
    let canary = &*CANARY;
    let started = Instant::now();
    let (mut folder, there) = canary.folder(story.is_handed).expect("a folder can be made");
    let root = open(folder.path(), OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()).expect("it can be opened");
    if story.has_input {
        folder.place(InputFile::new("given", &canary.input)).expect("the input can be placed");
    }
    let watched = story.is_watched.then(|| folder.watch(|seen| check_name(&seen.name)));
    perform(&root, &story.before, &canary.outside);

    let kept =
        while_it_goes_on(&root, &story.meanwhile, &canary.outside, || folder.collect_and_keep(&canary.folders, LIMITS));
    check(&kept);
    check_contents(&kept.files, canary);

    perform(&root, &story.between, &canary.outside);
    let again = folder.collect_and_keep(&canary.folders, LIMITS);
    check(&again);
    check_contents(&again.files, canary);
    check_contents(&kept.files, canary);

    while_it_goes_on(&root, &story.meanwhile, &canary.outside, || check(&folder.collect(LIMITS)));
    drop(watched);
    let found = folder.collect(LIMITS);
    check(&found);
    check_contents(&found.files, canary);
    drop((kept, again, found, folder, root, there));
    canary.check();
    assert!(started.elapsed() <= LONGEST, "it took {:?}", started.elapsed());
});

fn perform(root: &OwnedFd, operations: &[Operation], outside: &Outside) {
    for operation in operations.iter().take(200) {
        // Not everything can be done; what cannot is left.
        let _ = operation.perform(root.as_fd(), outside);
    }
}

/// Does something while the code goes on.
fn while_it_goes_on<R>(root: &OwnedFd, operations: &[Operation], outside: &Outside, work: impl FnOnce() -> R) -> R {
    if operations.is_empty() {
        return work();
    }
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                perform(root, operations, outside);
            }
        });
        let result = work();
        is_over.store(true, Ordering::Relaxed);
        result
    })
}

/// What holds of every collection, also of one made while the code went on.
fn check(found: &Found) {
    let Found { files, omitted, notes } = found;
    assert!(files.len() <= LIMITS.files, "{} files", files.len());
    assert!(omitted.len() <= MOST_OMITTED, "{} files left out", omitted.len());
    assert!(files.iter().map(|file| file.size).sum::<u64>() <= LIMITS.bytes, "the files are too large together");
    let names: HashSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names.len(), files.len(), "names stand twice");
    let named = files.iter().map(|file| &file.name).chain(omitted.iter().map(|file| &file.name));
    for name in named {
        check_name(name);
        assert!(Path::new(name).components().count() <= LIMITS.depth + 1, "{name:?} is too deep");
    }
    let texts = notes.iter().chain(omitted.iter().map(|file| &file.reason));
    for text in texts {
        assert!(!CANARY.is_named_in(text) && !text.contains(char::is_control), "{text:?}");
    }
}

fn check_name(name: &str) {
    let path = Path::new(name);
    assert!(!name.is_empty() && path.components().all(|part| matches!(part, Component::Normal(_))), "{name:?}");
    assert!(!name.contains(char::is_control), "{name:?}");
    assert!(!CANARY.is_named_in(name), "{name:?}");
}

/// Each file is what is said of it, and none is one from outside.
fn check_contents(files: &[GeneratedFile], canary: &Canary) {
    for file in files {
        let there = fs::symlink_metadata(&file.path).expect("the file is there");
        assert!(there.is_file(), "{:?} is no file", file.name);
        let bytes = file.read().expect("the file can be read");
        assert_eq!(bytes.len() as u64, file.size, "{:?}", file.name);
        let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hash, file.sha256, "{:?}", file.name);
        assert_ne!(bytes, canary.secret.as_bytes(), "{:?} is from outside", file.name);
    }
}
