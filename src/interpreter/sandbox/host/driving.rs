//! A run in a sandbox, from the order to its end, as its worker sees it.

use std::{
    collections::BTreeMap,
    os::fd::OwnedFd,
    sync::{
        Arc,
        mpsc::{Receiver, TryRecvError, channel},
    },
    thread,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::{Errno, read},
    net::{RecvFlags, recv},
};

use super::{
    super::wire::conversation::{Order, ToGuest},
    Sandbox, bounds,
    hearing::Heard,
    outgoing::Outgoing,
    zygote::wait_until_readable,
};
use crate::interpreter::{
    Event,
    active_run::ActiveRun,
    python::{CodeEnd, StopReason},
    recording::{Channel, Writer},
};

/// How long code may take to end after it was asked; then it is ended.
const STOP_GRACE: Duration = Duration::from_millis(400);
/// How often it is asked meanwhile: code may catch what ends it.
const ASK_AGAIN: Duration = Duration::from_millis(40);
/// After so long a run gives way to others, where there are as many as processors.
const SHORT: Duration = Duration::from_millis(200);
/// How often the sandbox's memory is looked at.
const LOOK: Duration = Duration::from_millis(20);
/// How long the worker looks for an answer before it sleeps: waking it takes longer than a small run.
const SPIN: Duration = Duration::from_micros(150);
/// How long a process whose socket is closed may take to be gone: one that closed it by itself is ended then.
const FALLING: Duration = Duration::from_millis(100);
/// What is read at once, in bytes.
const READ_BYTES: usize = 256 * 1024;
/// How often is read what an ended sandbox has said: more than a socket holds.
const LAST_WORDS: u32 = 16;

/// How a run in a sandbox ended.
pub(crate) struct Driven {
    /// The end of its code.
    pub(crate) end: CodeEnd,
    /// Whether the sandbox is as it should be, and can be given the next run of its session.
    pub(crate) is_well: bool,
}

/// A run that goes on.
pub(super) struct Drive<'r> {
    run: &'r Arc<ActiveRun>,
    sandbox: &'r mut Sandbox,
    alarm: &'r OwnedFd,
    buffer: Vec<u8>,
    outgoing: Outgoing,
    /// Which of descriptors 1 and 2 it has not closed.
    is_open: [bool; 2],
    memory_bytes: u64,
    asked: Option<Instant>,
    asked_last: Instant,
    looked: Instant,
    weighed_at: Instant,
    installing: Option<Receiver<ToGuest>>,
    installations: u32,
    installing_since: Option<Instant>,
    installed_for: Duration,
    is_over: bool,
}

/// What the loop comes to.
enum Step {
    On,
    End(Driven),
}

impl Sandbox {
    /// Gives the sandbox the run's code and follows it to its end. `alarm` becomes readable when the run is
    /// cancelled or an installation has ended.
    pub(crate) fn drive(&mut self, run: &Arc<ActiveRun>, order: Order, alarm: &OwnedFd, memory_bytes: u64) -> Driven {
        let now = Instant::now();
        let stock = Arc::clone(&self.stock);
        let running = stock.contention.begin();
        let mut drive = Drive {
            run,
            sandbox: self,
            alarm,
            buffer: vec![0; READ_BYTES],
            outgoing: Outgoing::default(),
            is_open: [true; 2],
            memory_bytes,
            asked: None,
            asked_last: now,
            looked: now,
            weighed_at: now + SHORT,
            installing: None,
            installations: 0,
            installing_since: None,
            installed_for: Duration::ZERO,
            is_over: false,
        };
        let driven = drive.go(order);
        run.clock.end();
        drop(running);
        driven
    }
}

impl Drive<'_> {
    fn go(&mut self, order: Order) -> Driven {
        self.sandbox.give_way(false);
        self.sandbox.thaw();
        self.run.clock.start();
        self.run.recording.event(Event::Started);
        if self.outgoing.tell(&self.sandbox.socket, &ToGuest::Run(order)).is_err() {
            return self.died();
        }
        let mut spin_until = Instant::now() + SPIN;
        loop {
            match self.hear() {
                Ok(Some(end)) => {
                    self.read_output();
                    return Driven { end, is_well: self.asked.is_none() };
                }
                Ok(None) => {}
                Err(Broken::Gone) => return self.died(),
                Err(Broken::Protocol(what)) => {
                    self.sandbox.kill();
                    self.run.recording.note(format!("The sandbox was ended because it {what}."));
                    return Driven { end: CodeEnd::Killed(libc::SIGKILL), is_well: false };
                }
            }
            if Instant::now() < spin_until {
                // The sandbox may need this very processor.
                std::thread::yield_now();
                continue;
            }
            if let Step::End(driven) = self.look_around() {
                return driven;
            }
            self.sleep();
            spin_until = Instant::now();
        }
    }

    /// Reads what is there: first what went to the descriptors, then what was said. Gives the end of the code.
    fn hear(&mut self) -> Result<Option<CodeEnd>, Broken> {
        let count = match recv(&self.sandbox.socket, &mut *self.buffer, RecvFlags::DONTWAIT) {
            Ok((_, 0)) => return Err(Broken::Gone),
            Ok((_, count)) => count,
            Err(Errno::AGAIN | Errno::INTR) => {
                return Ok(None);
            }
            Err(_) => return Err(Broken::Gone),
        };
        self.read_output();
        self.sandbox.hearing.feed(&self.buffer[..count]);
        while let Some(heard) = self.sandbox.hearing.next(&self.run.recording).map_err(Broken::Protocol)? {
            match heard {
                Heard::Ended(end) => return Ok(Some(end)),
                Heard::Install(_) if self.is_over => {}
                Heard::Install(imports) => self.install(imports)?,
            }
        }
        Ok(None)
    }

    /// Has a thread install packages: the worker has to see to time limits meanwhile.
    fn install(&mut self, imports: Vec<String>) -> Result<(), Broken> {
        self.installations += 1;
        let is_too_much = self.installing.is_some() || self.installed_for > bounds::LONGEST_INSTALLING;
        if is_too_much || !bounds::may_install(self.installations, &imports) {
            return Err(Broken::Protocol("asked for too many installations".to_owned()));
        }
        self.installing_since = Some(Instant::now());
        let (send, receive) = channel();
        let run = Arc::clone(self.run);
        let alarm = self.alarm.try_clone();
        let installing = move || {
            let missing = run.install(&imports);
            // Should the run be over, nobody waits for this.
            let _ = send.send(ToGuest::Installed(missing));
            if let Ok(alarm) = alarm {
                let _ = rustix::io::write(alarm, &1_u64.to_ne_bytes());
            }
        };
        match thread::Builder::new().name("taipan-install".to_owned()).spawn(installing) {
            Ok(_) => self.installing = Some(receive),
            Err(_) => return Err(Broken::Protocol("asked for an installation that could not be started".to_owned())),
        }
        Ok(())
    }

    fn answer_installation(&mut self) -> Result<(), Broken> {
        let Some(receive) = &self.installing else { return Ok(()) };
        let answer = match receive.try_recv() {
            Ok(answer) => answer,
            Err(TryRecvError::Empty) => return Ok(()),
            Err(TryRecvError::Disconnected) => ToGuest::Installed(BTreeMap::new()),
        };
        self.installing = None;
        self.installed_for += self.installing_since.take().map(|since| since.elapsed()).unwrap_or_default();
        let folder = self.run.installer.owner_folder(self.run.request.owner.as_deref());
        if let Err(reason) = self.sandbox.show_packages(&folder) {
            self.run.recording.note(format!("The installed packages cannot be shown to the sandbox: {reason}."));
        }
        self.outgoing.tell(&self.sandbox.socket, &answer).map_err(|_| Broken::Gone)
    }

    /// Sees to time, memory, cancellation and installations.
    fn look_around(&mut self) -> Step {
        if self.outgoing.tell_on(&self.sandbox.socket).is_err() || self.answer_installation().is_err() {
            return Step::End(self.died());
        }
        let now = Instant::now();
        if now >= self.looked + LOOK {
            self.looked = now;
            self.read_output();
            if self.weighed_at <= now {
                self.weighed_at = now + SHORT;
                self.sandbox.give_way(self.sandbox.stock.contention.is_there());
            }
            self.read_held(false);
            if let Some(step) = self.look_at_memory() {
                return step;
            }
        }
        if self.run.clock.deadline().is_some_and(|deadline| deadline <= now) {
            self.run.stop.request(StopReason::TimedOut);
        }
        if self.run.stop.requested().is_none() {
            return Step::On;
        }
        let first = *self.asked.get_or_insert_with(|| {
            self.run.give_up_installing();
            now
        });
        if now >= first + STOP_GRACE {
            self.end();
            return Step::End(Driven { end: CodeEnd::Stopped(None), is_well: false });
        }
        if first == now || now >= self.asked_last + ASK_AGAIN {
            self.asked_last = now;
            self.sandbox.ask_to_stop();
        }
        Step::On
    }

    fn look_at_memory(&mut self) -> Option<Step> {
        // Without a main thread nothing is known of a process's memory, though others may go on in it.
        let Ok(grown) = self.sandbox.gauge.as_ref()?.grown() else { return Some(Step::End(self.died())) };
        if grown <= self.memory_bytes {
            return None;
        }
        self.end();
        Some(Step::End(Driven { end: CodeEnd::OutOfMemory, is_well: false }))
    }

    /// Sleeps until something happens or is due.
    fn sleep(&mut self) {
        let now = Instant::now();
        let due = match (self.asked, self.run.clock.deadline()) {
            (Some(_), _) => self.asked_last + ASK_AGAIN,
            (None, Some(deadline)) => deadline.min(self.looked + LOOK),
            (None, None) => self.looked + LOOK,
        };
        let timeout = Timespec::try_from(due.saturating_duration_since(now)).ok();
        let speaking = if self.outgoing.is_empty() { PollFlags::IN } else { PollFlags::IN | PollFlags::OUT };
        let mut waiting = vec![PollFd::new(&self.sandbox.socket, speaking), PollFd::new(self.alarm, PollFlags::IN)];
        let open = || (0..2).filter(|&number| self.is_open[number]);
        waiting.extend(open().map(|number| PollFd::new(&self.sandbox.output[number], PollFlags::IN)));
        // Whatever this comes to, the loop looks at everything.
        let _ = poll(&mut waiting, timeout.as_ref());
        let (rang, spoke) = (!waiting[1].revents().is_empty(), !waiting[0].revents().is_empty());
        let wrote = waiting[2..].iter().any(|pipe| pipe.revents().contains(PollFlags::IN));
        // A pipe that nobody can write to any more is always ready.
        let ready = open().zip(waiting[2..].iter().map(PollFd::revents));
        let closed = ready.filter(|(_, events)| events.contains(PollFlags::HUP) && !events.contains(PollFlags::IN));
        let closed: Vec<usize> = closed.map(|(number, _)| number).collect();
        for number in closed {
            self.is_open[number] = false;
        }
        if rang {
            let _ = read(self.alarm, &mut [0; 8]);
        }
        if wrote && !spoke {
            read_output(self.run, &self.sandbox.output);
        }
    }

    /// Takes what came out of the sandbox's descriptors 1 and 2.
    fn read_output(&self) {
        read_output(self.run, &self.sandbox.output);
    }

    /// Takes what the code has written and the sandbox has not sent yet.
    fn read_held(&mut self, is_over: bool) {
        self.sandbox.hearing.look_at_held(is_over, &self.run.recording);
    }

    /// Ends the sandbox, and takes all that it said and wrote until then.
    fn end(&mut self) {
        self.sandbox.end();
        self.is_over = true;
        for _ in 0..LAST_WORDS {
            if !matches!(self.hear(), Ok(None)) {
                break;
            }
        }
        self.read_held(true);
        self.read_output();
    }

    /// The process has ended without a last word.
    fn died(&mut self) -> Driven {
        if !wait_until_readable(&self.sandbox.process, Instant::now() + FALLING) {
            self.sandbox.kill();
        }
        self.read_held(true);
        self.read_output();
        let signal = match self.sandbox.ending_signal() {
            Some(0) => {
                self.run.recording.note("The code ended its process by itself: nothing after that was run.");
                0
            }
            Some(signal) => signal,
            None => {
                if self.sandbox.is_orphan() {
                    let why = "The process that all sandboxes are copies of has ended, and this run with it; it is \
                               started again. Run the code again.";
                    self.run.recording.note(why);
                }
                libc::SIGKILL
            }
        };
        Driven { end: CodeEnd::Killed(signal), is_well: false }
    }
}

/// Why nothing more is heard of a sandbox.
enum Broken {
    /// It has ended.
    Gone,
    /// It did something that none does by itself; as the end of a sentence.
    Protocol(String),
}

fn read_output(run: &ActiveRun, output: &[OwnedFd; 2]) {
    let mut buffer = [0; 16 * 1024];
    for (pipe, channel) in output.iter().zip([Channel::Stdout, Channel::Stderr]) {
        // As much as a pipe holds, so that a flood of one does not keep everything else waiting.
        for _ in 0..64 {
            match read(pipe, &mut buffer) {
                Ok(count) if count > 0 => run.recording.write_bytes(channel, Writer::Main, &buffer[..count]),
                _ => break,
            }
        }
    }
}
