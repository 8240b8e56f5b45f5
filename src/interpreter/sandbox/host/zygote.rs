//! The zygote as this program sees it: a child process, and the sockets to it.

use std::{
    env,
    ffi::OsStr,
    io::{self, Read as _},
    os::{
        fd::{AsFd, BorrowedFd, OwnedFd},
        unix::process::CommandExt as _,
    },
    path::{Path, PathBuf},
    process::{Child, ChildStderr, Command, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicBool, atomic::Ordering},
    thread,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::{Resource, Rlimit, getrlimit, setrlimit},
};

use super::super::{
    ZYGOTE_ARGUMENT,
    mounting::{Failure, Saying as _},
    protections::environment,
    wire::{
        control::{FromZygote, Mounted, Refusal, Setup, ToMounter},
        packets,
    },
};
use crate::interpreter::StartError;

/// How long a zygote may take to start: importing everything takes seconds on a slow machine.
const STARTING: Duration = Duration::from_secs(120);
/// The stack of the thread that runs code, in bytes; only reserved, not used.
const STACK_BYTES: u64 = 64 * 1024 * 1024;
/// What is read of the zygote's standard error, in bytes.
const MOST_SAID: u64 = 64 * 1024;

/// A running zygote. It ends when this is dropped, with all its sandboxes.
pub(super) struct Zygote {
    /// Commands and news.
    pub(super) control: OwnedFd,
    /// The version of its Python.
    pub(super) version: String,
    mounter: Mutex<OwnedFd>,
    child: Mutex<Child>,
    gone: AtomicBool,
    /// Whether it ends because this program wants it to.
    dismissed: Arc<AtomicBool>,
}

impl Zygote {
    /// Starts a zygote and waits until it is ready. Blocks.
    ///
    /// # Errors
    /// With a sentence that says what is missing and what to do.
    pub(super) fn start(program: &Path, setup: &Setup) -> Result<Self, StartError> {
        let (control, its_control) = packets::pair()?;
        let (mounter, its_mounter) = packets::pair()?;
        let mut command = Command::new(program);
        command
            .arg(ZYGOTE_ARGUMENT)
            .env_clear()
            .envs(environment::zygote_environment(&time_zone()))
            .current_dir("/")
            // Ctrl-C at a terminal is for the program, and not for all of its sandboxes.
            .process_group(0)
            .stdin(Stdio::from(its_control))
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        // SAFETY: between fork and exec only a system call is made.
        unsafe { command.pre_exec(reserve_stack) };
        let mut child = command.spawn().map_err(|error| {
            let program = program.display();
            let advice = "Check the limits of processes and open files, and that the program is there.";
            StartError::Isolation(format!("The sandbox's program {program} cannot be started: {error}. {advice}"))
        })?;
        let dismissed = Arc::new(AtomicBool::new(false));
        if let Some(said) = child.stderr.take() {
            log_what_it_says(said, Arc::clone(&dismissed))?;
        }
        drop(command);
        let sent = packets::send(&control, setup, &[its_mounter.as_fd()]);
        drop(its_mounter);
        match sent {
            // It has ended already, which is told below.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            sent => sent?,
        }
        let mut zygote = Self {
            control,
            version: String::new(),
            mounter: Mutex::new(mounter),
            child: Mutex::new(child),
            gone: AtomicBool::new(false),
            dismissed,
        };
        zygote.version = zygote.wait_for_hello(setup)?;
        Ok(zygote)
    }

    fn wait_for_hello(&self, setup: &Setup) -> Result<String, StartError> {
        let deadline = Instant::now() + STARTING;
        if !wait_until_readable(&self.control, deadline) {
            let most = STARTING.as_secs();
            return Err(StartError::Isolation(format!("The sandbox was not ready within {most} seconds. Try again.")));
        }
        match packets::receive(&self.control) {
            Ok(Some((FromZygote::Hello { version }, _))) => Ok(version),
            Ok(Some((FromZygote::Refused(refusal), _))) => Err(explain(refusal, &setup.venv)),
            Ok(Some(_)) => Err(StartError::Isolation("The sandbox's program said something unknown.".to_owned())),
            Ok(None) | Err(_) => {
                let ended = lock(&self.child).wait()?;
                let text = format!(
                    "The sandbox's program ended while it started ({ended}). It must be a `taipan` program, or one that \
                     calls `taipan::sandbox::init()` first thing in `main`."
                );
                Err(StartError::Isolation(text))
            }
        }
    }

    /// Asks the mounter for something, and waits for its answer.
    pub(super) fn ask_mounter(&self, request: &ToMounter) -> Result<(), Failure> {
        let mounter = lock(&self.mounter);
        packets::send(&*mounter, request, &[]).saying("the mounter")?;
        match packets::receive::<Mounted>(&*mounter).saying("the mounter")? {
            Some((answer, _)) => answer,
            None => Err("the mounter has ended".to_owned()),
        }
    }

    /// Notes that it has ended.
    pub(super) fn is_gone_now(&self) {
        self.gone.store(true, Ordering::Release);
    }

    /// Whether it has ended.
    pub(super) fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Acquire)
    }
}

impl Drop for Zygote {
    fn drop(&mut self) {
        self.dismissed.store(true, Ordering::Release);
        // It would end by itself as its sockets close; then nobody would know when.
        let child = self.child.get_mut().unwrap_or_else(PoisonError::into_inner);
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// Passes what a zygote says on standard error to the log: it has no other way to say why it died. Where it did not
/// die by itself, libraries said it in passing, and nobody has to act.
fn log_what_it_says(said: ChildStderr, dismissed: Arc<AtomicBool>) -> io::Result<()> {
    let listening = move || {
        let mut text = Vec::new();
        // What is more is not read, and whoever writes it gets an error.
        let _ = said.take(MOST_SAID).read_to_end(&mut text);
        let text = String::from_utf8_lossy(&text);
        match (text.is_empty(), dismissed.load(Ordering::Acquire)) {
            (true, _) => {}
            (false, true) => tracing::debug!(%text, "the zygote said something while it was there"),
            (false, false) => tracing::warn!(%text, "the zygote said something before it ended"),
        }
    };
    thread::Builder::new().name("taipan-zygote".to_owned()).spawn(listening)?;
    Ok(())
}

fn explain(refusal: Refusal, venv: &Path) -> StartError {
    match refusal {
        Refusal::Preload { module, reason } => StartError::Preload { venv: venv.to_owned(), module, reason },
        Refusal::Python(reason) => StartError::Python(reason),
        Refusal::Sandbox(reason) => {
            StartError::Isolation(format!("The sandbox cannot be set up: {}.", reason.trim_end_matches('.')))
        }
    }
}

/// Waits until something can be read, or the other end is gone.
pub(super) fn wait_until_readable(socket: impl AsFd, deadline: Instant) -> bool {
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let timeout = Timespec::try_from(left).ok();
        let socket: BorrowedFd<'_> = socket.as_fd();
        match poll(&mut [PollFd::from_borrowed_fd(socket, PollFlags::IN)], timeout.as_ref()) {
            Ok(0) => return false,
            Ok(_) => return true,
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return false,
        }
    }
}

fn reserve_stack() -> io::Result<()> {
    let most = getrlimit(Resource::Stack).maximum;
    let wanted = most.map_or(STACK_BYTES, |most| most.min(STACK_BYTES));
    Ok(setrlimit(Resource::Stack, Rlimit { current: Some(wanted), maximum: most })?)
}

/// The host's time zone by its name, which is all of the environment that sandboxes are told.
#[expect(clippy::disallowed_methods, reason = "a library has no `config`, and this is no setting of Taipan")]
fn time_zone() -> String {
    env::var_os("TZ").as_deref().and_then(OsStr::to_str).unwrap_or_default().to_owned()
}

/// This executable, which is its own zygote.
pub(super) fn own_program() -> PathBuf {
    PathBuf::from("/proc/self/exe")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
