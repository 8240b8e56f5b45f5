//! The thread that keeps sandboxes ready: it has them forked, waits until each is locked, sees the dead off, and
//! starts the zygote again when it dies.

use std::{
    collections::HashMap,
    io,
    os::fd::{AsFd as _, AsRawFd as _, BorrowedFd, OwnedFd},
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::read,
    process::Pid,
};

use super::{
    super::{
        mounting::{Failure, Saying as _},
        network::{OutwardRules, Supervisor},
        protections::memory::MemoryGauge,
        wire::{
            control::{FromZygote, Setup, Slot, ToMounter, ToZygote},
            packets,
        },
    },
    hearing::Hearing,
    sandbox::Sandbox,
    stock::{Remains, Stock},
    under_way::UnderWay,
    zygote::Zygote,
};
use crate::interpreter::workspace::WorkspaceRoot;

/// Sandboxes that are being made at a time.
const MOST_UNDER_WAY: usize = 2;
/// How long the keeper sleeps when nothing happens: then it looks whether fewer sandboxes do.
const LOOK: Duration = Duration::from_secs(5);
/// How long it waits after a failure, times the number of failures in a row.
const PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// What the keeper has.
pub(super) struct Keeper {
    pub(super) program: PathBuf,
    pub(super) setup: Setup,
    pub(super) root: WorkspaceRoot,
    pub(super) stock: Arc<Stock>,
    pub(super) zygote: Arc<Zygote>,
    next: Slot,
    under_way: HashMap<Slot, UnderWay>,
    dying: Vec<Remains>,
    failures: u32,
    not_before: Option<Instant>,
}

impl Keeper {
    pub(super) fn new(
        program: PathBuf,
        setup: Setup,
        root: WorkspaceRoot,
        stock: Arc<Stock>,
        zygote: Arc<Zygote>,
    ) -> Self {
        Self {
            program,
            setup,
            root,
            stock,
            zygote,
            next: 1,
            under_way: HashMap::new(),
            dying: Vec::new(),
            failures: 0,
            not_before: None,
        }
    }

    /// Keeps sandboxes ready until the stock is closed and the last of them is gone.
    pub(super) fn keep(mut self) {
        while !(self.stock.is_closed() && self.nothing_is_left()) {
            if self.zygote.is_gone() && !self.stock.is_closed() {
                self.start_again();
            }
            self.fork_what_is_wanted();
            if let Err(error) = self.wait() {
                tracing::error!(%error, "sandboxes cannot be watched");
                std::thread::sleep(PAUSE);
            }
        }
    }

    fn nothing_is_left(&mut self) -> bool {
        self.under_way.clear();
        self.stock.drop_ready();
        self.dying.extend(self.stock.take_remains());
        self.zygote.is_gone() || self.dying.is_empty()
    }

    fn start_again(&mut self) {
        self.under_way.clear();
        self.stock.drop_ready();
        self.dying.clear();
        drop(self.stock.take_remains());
        if self.not_before.is_some_and(|moment| moment > Instant::now()) {
            return;
        }
        tracing::warn!("the zygote has ended, and all sandboxes with it; it is started again");
        match Zygote::start(&self.program, &self.setup) {
            Ok(zygote) => self.zygote = Arc::new(zygote),
            Err(error) => self.failed(&error.to_string()),
        }
    }

    /// Notes a failure: the next attempt waits, and whoever waits for a sandbox is told after some of them.
    fn failed(&mut self, reason: &str) {
        self.failures += 1;
        self.not_before = Some(Instant::now() + (PAUSE * self.failures).min(LONGEST_PAUSE));
        // Who starts an interpreter is told if there is none in the end.
        if self.stock.reports().is_empty() {
            tracing::debug!(reason, failures = self.failures, "a sandbox could not be made");
        } else {
            tracing::error!(reason, failures = self.failures, "a sandbox could not be made");
        }
        if self.failures >= 3 {
            self.stock.fail(reason.to_owned());
        }
    }

    fn fork_what_is_wanted(&mut self) {
        if self.stock.is_closed()
            || self.zygote.is_gone()
            || self.not_before.is_some_and(|moment| moment > Instant::now())
        {
            return;
        }
        let room = MOST_UNDER_WAY.saturating_sub(self.under_way.len());
        for _ in 0..self.stock.wanted(self.under_way.len()).min(room) {
            if let Err(reason) = self.fork() {
                return self.failed(&reason);
            }
        }
    }

    fn fork(&mut self) -> Result<(), Failure> {
        let slot = self.next;
        self.next += 1;
        let (under_way, given) = UnderWay::begin()?;
        self.zygote.ask_mounter(&ToMounter::Open { slot })?;
        let given: Vec<BorrowedFd<'_>> = given.iter().map(|end| end.as_fd()).collect();
        packets::send(&self.zygote.control, &ToZygote::Fork { slot }, &given).saying("the zygote")?;
        self.under_way.insert(slot, under_way);
        Ok(())
    }

    /// Waits until something happens, and deals with it.
    fn wait(&mut self) -> io::Result<()> {
        let slots: Vec<Slot> = self.under_way.keys().copied().collect();
        let now = Instant::now();
        let pause = self.not_before.map(|moment| moment.saturating_duration_since(now)).filter(|left| !left.is_zero());
        let rest = self.stock.rest().unwrap_or(LOOK);
        let timeout = Timespec::try_from(pause.unwrap_or(LOOK).min(LOOK).min(rest)).ok();
        let happened: Vec<bool> = {
            let mut waiting = vec![PollFd::new(&self.stock.bell, PollFlags::IN)];
            // A socket whose other end is gone is always readable.
            let control = if self.zygote.is_gone() { PollFlags::empty() } else { PollFlags::IN };
            let bell = self.stock.bell.as_fd();
            let control_socket = if self.zygote.is_gone() { bell } else { self.zygote.control.as_fd() };
            waiting.push(PollFd::from_borrowed_fd(control_socket, control));
            waiting.extend(
                slots
                    .iter()
                    .filter_map(|slot| self.under_way.get(slot))
                    .map(|making| PollFd::new(&making.socket, PollFlags::IN)),
            );
            waiting.extend(self.dying.iter().map(|remains| match &remains.init {
                Some(init) => PollFd::new(init, PollFlags::IN),
                None => PollFd::from_borrowed_fd(bell, PollFlags::empty()),
            }));
            match poll(&mut waiting, timeout.as_ref()) {
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
            waiting.iter().map(|one| !one.revents().is_empty()).collect()
        };
        if happened[0] {
            // A number that says how often it rang.
            let _ = read(&self.stock.bell, &mut [0; 8]);
        }
        if happened[1] && !self.zygote.is_gone() {
            self.hear_zygote();
        }
        for (slot, _) in slots.iter().zip(&happened[2..]).filter(|(_, happened)| **happened) {
            self.hear_sandbox(*slot);
        }
        self.give_up_late();
        let gone: Vec<bool> = happened[2 + slots.len()..].to_vec();
        self.see_off(&gone);
        Ok(())
    }

    fn hear_zygote(&mut self) {
        match packets::receive::<FromZygote>(&self.zygote.control) {
            Ok(Some((FromZygote::Forked { slot }, handles))) => {
                if let (Some(making), Ok(handles)) = (self.under_way.get_mut(&slot), handles.try_into()) {
                    making.handles = Some(handles);
                    self.finish(slot);
                }
            }
            Ok(Some((FromZygote::NotForked { slot, reason }, _))) => {
                self.under_way.remove(&slot);
                self.close_slot(slot);
                self.failed(&reason);
            }
            Ok(Some((FromZygote::Ended { slot, signal }, _))) => self.stock.ended(slot, signal),
            other => {
                match other {
                    Ok(Some((FromZygote::Refused(refusal), _))) => {
                        tracing::error!(?refusal, "the zygote has given up");
                    }
                    Ok(Some(_)) => tracing::error!("the zygote said what it never says"),
                    // Whatever ended it did not let it say so.
                    Ok(None) => {}
                    Err(error) => tracing::error!(%error, "the zygote cannot be understood"),
                }
                self.zygote.is_gone_now();
            }
        }
    }

    /// Reads what a sandbox says on its way: first that its folder is there, then that it is ready.
    fn hear_sandbox(&mut self, slot: Slot) {
        let Some(making) = self.under_way.get_mut(&slot) else { return };
        match making.hear() {
            Ok(()) => self.finish(slot),
            // The zygote is about to say whether there was a process at all, and if not, why.
            Err(_) if making.handles.is_none() && !self.zygote.is_gone() => {}
            Err(reason) => {
                let said = making.words();
                self.under_way.remove(&slot);
                self.close_slot(slot);
                self.failed(if said.is_empty() { &reason } else { &said });
            }
        }
    }

    /// Puts a sandbox into the stock once everything about it is known.
    fn finish(&mut self, slot: Slot) {
        let is_complete =
            |making: &UnderWay| making.folder.is_some() && making.handles.is_some() && making.reports.is_some();
        if !self.under_way.get(&slot).is_some_and(is_complete) {
            return;
        }
        let Some(making) = self.under_way.remove(&slot) else { return };
        let (Some(folder), Some([init, process]), Some(reports)) = (making.folder, making.handles, making.reports)
        else {
            return;
        };
        let supervisor = making.questions.map(|questions| supervise(questions, &process)).transpose();
        let adopted = supervisor.and_then(|supervisor| Ok((supervisor, self.root.adopt(folder)?)));
        match adopted {
            Ok((supervisor, workspace)) => {
                let gauge = gauge_of(&process).inspect_err(|error| {
                    tracing::warn!(%error, "a sandbox's memory cannot be watched");
                });
                self.failures = 0;
                self.not_before = None;
                self.stock.put(Sandbox {
                    slot,
                    socket: making.socket,
                    output: making.output,
                    hearing: Hearing::new(making.decoder, making.written),
                    gauge: gauge.ok(),
                    _supervisor: supervisor,
                    workspace: Some(workspace),
                    reports,
                    init,
                    process,
                    zygote: Arc::clone(&self.zygote),
                    stock: Arc::clone(&self.stock),
                    shows_packages: false,
                    gives_way: false,
                    runs: 0,
                });
            }
            Err(error) => {
                let _ = rustix::process::pidfd_send_signal(&init, rustix::process::Signal::KILL);
                self.close_slot(slot);
                self.failed(&format!("it cannot be watched over: {error}"));
            }
        }
    }

    fn give_up_late(&mut self) {
        let now = Instant::now();
        let late: Vec<_> =
            self.under_way.iter().filter(|(_, making)| making.until < now).map(|(slot, _)| *slot).collect();
        for slot in late {
            if let Some(UnderWay { handles: Some([init, _]), .. }) = self.under_way.remove(&slot) {
                let _ = rustix::process::pidfd_send_signal(&init, rustix::process::Signal::KILL);
            }
            self.close_slot(slot);
            self.failed("it did not become ready");
        }
    }

    /// Takes away what was shown to sandboxes that have ended.
    fn see_off(&mut self, is_gone: &[bool]) {
        let dying = std::mem::take(&mut self.dying);
        for (number, remains) in dying.into_iter().enumerate() {
            if remains.init.is_none() || is_gone.get(number).copied().unwrap_or(false) {
                close(&remains.zygote, remains.slot);
            } else {
                self.dying.push(remains);
            }
        }
        self.dying.extend(self.stock.take_remains());
    }

    fn close_slot(&self, slot: Slot) {
        close(&self.zygote, slot);
    }
}

fn close(zygote: &Zygote, slot: Slot) {
    if zygote.is_gone() {
        return;
    }
    if let Err(reason) = zygote.ask_mounter(&ToMounter::Close { slot }) {
        tracing::warn!(slot, reason, "what was shown to a sandbox could not be taken away");
    }
}

/// Answers the kernel's questions about what a sandbox connects to.
fn supervise(questions: OwnedFd, process: &OwnedFd) -> io::Result<Supervisor> {
    Supervisor::start(questions, process.try_clone()?, Arc::new(OutwardRules::of_this_host()?))
}

/// The gauge of the process behind a handle.
fn gauge_of(process: &OwnedFd) -> io::Result<MemoryGauge> {
    let facts = std::fs::read_to_string(format!("/proc/self/fdinfo/{}", process.as_raw_fd()))?;
    let number = facts.lines().find_map(|line| line.strip_prefix("Pid:")?.trim().parse().ok());
    MemoryGauge::new(number.and_then(Pid::from_raw).ok_or(io::ErrorKind::NotFound)?)
}
