//! A request on its way: what the queue, the worker, the watchdog and the code's own functions share of it.

use std::{
    collections::BTreeMap,
    io,
    os::fd::OwnedFd,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

use super::{
    Display, Event, FailedPackage, InterpreterError, Outcome, Request,
    packages::Installer,
    python::{StopSwitch, Surroundings},
    recording::{Channel, OutputLimits, Recording, Writer},
    workspace::{CopyStart, Inputs, PlacedInput},
};

/// What the source is called in tracebacks, unless the request says otherwise.
pub(crate) const FILE_NAME: &str = "main.py";

/// How a run is answered.
pub(crate) type Answer = Result<Outcome, InterpreterError>;

/// One run, from the queue to its answer.
pub(crate) struct ActiveRun {
    /// Tells runs of one interpreter apart.
    pub(crate) id: u64,
    /// What is to be run.
    pub(crate) request: Request,
    /// What it has produced so far.
    pub(crate) recording: Recording,
    /// Whether and why it is to stop.
    pub(crate) stop: StopSwitch,
    /// How long its code has run.
    pub(crate) clock: RunClock,
    /// Installs what its code imports.
    pub(crate) installer: Arc<Installer>,
    /// Set once the run is to stop or was answered: an installation that goes on is given up.
    over: AtomicBool,
    folder: OnceLock<PathBuf>,
    inputs: OnceLock<Arc<Inputs>>,
    alarm: OnceLock<Arc<OwnedFd>>,
    answer: Mutex<Option<oneshot::Sender<Answer>>>,
}

impl ActiveRun {
    pub(crate) fn new(
        id: u64,
        request: Request,
        timeout: Duration,
        (limits, live): (OutputLimits, bool),
        installer: Arc<Installer>,
    ) -> (Arc<Self>, oneshot::Receiver<Answer>) {
        let (send, receive) = oneshot::channel();
        let run = Self {
            id,
            request,
            recording: Recording::new(limits, live),
            stop: StopSwitch::default(),
            clock: RunClock::new(timeout),
            installer,
            over: AtomicBool::new(false),
            folder: OnceLock::new(),
            inputs: OnceLock::new(),
            alarm: OnceLock::new(),
            answer: Mutex::new(Some(send)),
        };
        (Arc::new(run), receive)
    }

    /// Gives the run its folder and files.
    pub(crate) fn works_in(&self, folder: &Path, inputs: Option<Arc<Inputs>>) {
        self.recording.works_in(folder);
        // A run is given its folder once, by the worker that takes it.
        let _ = self.folder.set(folder.to_owned());
        if let Some(inputs) = inputs {
            let _ = self.inputs.set(inputs);
        }
    }

    /// The run's folder; empty before a worker has taken the run.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.get().map_or(Path::new(""), PathBuf::as_path)
    }

    /// Says what to make readable when the run is to stop.
    pub(crate) fn wakes(&self, alarm: Arc<OwnedFd>) {
        // A run is taken by one worker.
        let _ = self.alarm.set(alarm);
    }

    /// Wakes the worker that follows the run in its sandbox.
    pub(crate) fn wake(&self) {
        if let Some(alarm) = self.alarm.get() {
            // One that rings already cannot be made to ring more.
            let _ = rustix::io::write(&**alarm, &1_u64.to_ne_bytes());
        }
    }

    /// An installation that goes on is given up.
    pub(crate) fn give_up_installing(&self) {
        self.over.store(true, Ordering::Release);
    }

    /// Whether somebody has answered, or is about to.
    pub(crate) fn is_answered(&self) -> bool {
        self.answer.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    /// Claims the right to answer: the first caller gets the sender, everybody else comes too late.
    pub(crate) fn claim_answer(&self) -> Option<oneshot::Sender<Answer>> {
        self.over.store(true, Ordering::Release);
        self.answer.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Installs the packages behind these imports; blocks, and does not count as the code's time.
    /// Gives the imports that stay missing, with the package each stands for.
    pub(crate) fn install(&self, imports: &[String]) -> BTreeMap<String, FailedPackage> {
        let _paused = self.clock.pause();
        let recording = &self.recording;
        let report = self.installer.install(self.request.owner.as_deref(), imports, &self.over, &mut |packages| {
            recording.event(Event::Installing { packages: packages.to_vec() });
        });
        recording.installed(&report.installed, &report.failed);
        report.missing
    }
}

impl Surroundings for ActiveRun {
    fn code(&self) -> &str {
        &self.request.code
    }

    fn file_name(&self) -> &str {
        self.request.source_name.as_deref().unwrap_or(FILE_NAME)
    }

    fn args(&self) -> &[String] {
        &self.request.args
    }

    fn stdin(&self) -> Option<&str> {
        self.request.stdin.as_deref()
    }

    fn folder(&self) -> &Path {
        ActiveRun::folder(self)
    }

    fn packages_folder(&self) -> PathBuf {
        self.installer.owner_folder(self.request.owner.as_deref())
    }

    fn inputs(&self) -> &[PlacedInput] {
        self.inputs.get().map_or(&[], |inputs| &inputs.files)
    }

    fn stop(&self) -> &StopSwitch {
        &self.stop
    }

    fn is_kept(&self) -> bool {
        false
    }

    fn is_aside(&self) -> bool {
        false
    }

    fn write(&self, channel: Channel, writer: Writer, text: &str) {
        self.recording.write(channel, writer, text);
    }

    fn write_bytes(&self, channel: Channel, writer: Writer, bytes: &[u8]) {
        self.recording.write_bytes(channel, writer, bytes);
    }

    fn flush(&self, writer: Writer) {
        self.recording.flush(writer);
    }

    fn display(&self, display: Display) {
        self.recording.display(display);
    }

    fn note(&self, note: String) {
        self.recording.note(note);
    }

    fn install(&self, imports: &[String]) -> BTreeMap<String, FailedPackage> {
        ActiveRun::install(self, imports)
    }

    fn make_writable(&self, path: &Path, start: CopyStart) -> io::Result<Option<PathBuf>> {
        self.inputs.get().map_or(Ok(None), |inputs| inputs.make_writable(path, start))
    }

    fn code_ended(&self) {
        self.clock.end();
    }
}

/// Measures how long code runs, without the time spent installing, and knows when its time is over.
pub(crate) struct RunClock {
    timeout: Duration,
    inner: Mutex<ClockState>,
}

#[derive(Default)]
struct ClockState {
    started: Option<Instant>,
    ended: Option<Instant>,
    /// Installations that go on, in several threads of the code at once.
    pauses: usize,
    paused_since: Option<Instant>,
    paused: Duration,
}

impl RunClock {
    fn new(timeout: Duration) -> Self {
        Self { timeout, inner: Mutex::default() }
    }

    fn change<R>(&self, change: impl FnOnce(&mut ClockState) -> R) -> R {
        change(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The code starts now. Gives the moment at which its time is over.
    pub(crate) fn start(&self) -> Instant {
        let now = Instant::now();
        self.change(|state| state.started = Some(now));
        now + self.timeout
    }

    /// The code has ended, unless it had before.
    pub(crate) fn end(&self) {
        self.change(|state| {
            state.ended.get_or_insert_with(Instant::now);
        });
    }

    /// The moment at which the code's time is over; `None` while nothing runs or an installation goes on.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.change(|state| match state {
            ClockState { started: Some(started), ended: None, paused_since: None, paused, .. } => {
                Some(*started + self.timeout + *paused)
            }
            _ => None,
        })
    }

    /// How long the code has run.
    pub(crate) fn elapsed(&self) -> Duration {
        self.change(|state| {
            let end = state.paused_since.or(state.ended).unwrap_or_else(Instant::now);
            state.started.map_or(Duration::ZERO, |started| (end - started).saturating_sub(state.paused))
        })
    }

    fn pause(&self) -> Paused<'_> {
        self.change(|state| {
            state.pauses += 1;
            // Where the code has ended meanwhile, its time stays as it is.
            state.paused_since.get_or_insert_with(|| state.ended.unwrap_or_else(Instant::now));
        });
        Paused(self)
    }
}

/// The clock goes on when this is dropped.
struct Paused<'c>(&'c RunClock);

impl Drop for Paused<'_> {
    fn drop(&mut self) {
        self.0.change(|state| {
            state.pauses -= 1;
            if state.pauses == 0
                && let Some(since) = state.paused_since.take()
            {
                let until = state.ended.unwrap_or_else(Instant::now);
                state.paused += until.saturating_duration_since(since);
            }
        });
    }
}
