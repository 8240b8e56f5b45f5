//! One sandbox as its worker holds it.

use std::{
    mem,
    os::{fd::OwnedFd, unix::net::UnixStream},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use rustix::process::{Signal, pidfd_send_signal};

use super::{
    super::{
        guest::{PACKAGES, STOP_SIGNAL},
        mounting::Failure,
        network::Supervisor,
        protections::{LayerReport, memory::MemoryGauge},
        wire::control::{Slot, ToMounter},
    },
    hearing::Hearing,
    priority,
    stock::{Remains, Stock},
    zygote::{Zygote, wait_until_readable},
};
use crate::interpreter::workspace::Workspace;

/// How long a killed sandbox may take until nothing of it is left.
const DYING: Duration = Duration::from_secs(10);
/// How long threads may take to be held. Those that give way to others are slow to do even that.
const FREEZING: Duration = Duration::from_secs(5);
const FREEZING_STEP: Duration = Duration::from_micros(100);
/// How long it is looked for that without a pause: most are held within this, and a pause takes longer.
const FREEZING_AT_ONCE: Duration = Duration::from_micros(200);
/// How long news of how a process ended may take.
const NEWS: Duration = Duration::from_secs(2);

/// A sandbox that is ready for code, or runs some. When it is dropped, everything that is in it ends.
pub(crate) struct Sandbox {
    /// Its number.
    pub(super) slot: Slot,
    /// Where its worker and it talk; reading never waits.
    pub(super) socket: UnixStream,
    /// What it says.
    pub(super) hearing: Hearing,
    /// What comes out of its descriptors 1 and 2.
    pub(super) output: [OwnedFd; 2],
    /// How much memory it has taken since it was ready; `None` where that cannot be seen.
    pub(super) gauge: Option<MemoryGauge>,
    /// Makes connections for it, with the network on.
    pub(super) _supervisor: Option<Supervisor>,
    /// The folder the code works in.
    pub(crate) workspace: Option<Workspace>,
    /// Which of its layers are in force.
    pub(super) reports: Vec<LayerReport>,
    pub(super) init: OwnedFd,
    pub(super) process: OwnedFd,
    pub(super) zygote: Arc<Zygote>,
    pub(super) stock: Arc<Stock>,
    pub(super) shows_packages: bool,
    pub(super) gives_way: bool,
    pub(super) runs: u64,
}

impl Sandbox {
    /// Shows files of the host to the sandbox, to read: each with its name below `/mnt/in`.
    pub(super) fn show(&self, files: Vec<(PathBuf, PathBuf)>) -> Result<(), Failure> {
        self.zygote.ask_mounter(&ToMounter::Show { slot: self.slot, files })
    }

    /// Shows an owner's packages, once they are there.
    pub(super) fn show_packages(&mut self, folder: &Path) -> Result<(), Failure> {
        if !self.shows_packages && folder.is_dir() {
            self.show(vec![(folder.to_owned(), PathBuf::from(PACKAGES))])?;
            self.shows_packages = true;
        }
        Ok(())
    }

    /// Holds everything in the sandbox where it is: between the runs of a session nobody watches over it.
    pub(crate) fn freeze(&self) -> bool {
        if pidfd_send_signal(&self.process, Signal::STOP).is_err() {
            return false;
        }
        let Some(gauge) = &self.gauge else { return true };
        let start = Instant::now();
        while !gauge.is_stopped() {
            match start.elapsed() {
                taken if taken > FREEZING => return false,
                taken if taken > FREEZING_AT_ONCE => std::thread::sleep(FREEZING_STEP),
                _ => std::thread::yield_now(),
            }
        }
        true
    }

    /// Lets it go on.
    pub(super) fn thaw(&self) {
        // Who is gone need not go on.
        let _ = pidfd_send_signal(&self.process, Signal::CONT);
    }

    /// Lets everything in the sandbox give way to whoever else wants a processor, or no longer.
    pub(super) fn give_way(&mut self, gives: bool) {
        // Again and again while it does: threads may have been started while the others were told.
        if !gives && !mem::replace(&mut self.gives_way, gives) {
            return;
        }
        self.gives_way = gives;
        let Some(gauge) = &self.gauge else { return };
        if self.lives() && priority::give_way(gauge.process(), gives).is_err() {
            tracing::debug!("a sandbox ended before it could give way");
        }
    }

    /// Whether the zygote is gone, and this sandbox with it.
    pub(super) fn is_orphan(&self) -> bool {
        self.zygote.is_gone()
    }

    /// Whether its main process is there.
    pub(crate) fn lives(&self) -> bool {
        !self.zygote.is_gone() && !wait_until_readable(&self.process, Instant::now())
    }

    /// Asks the code to stop.
    pub(super) fn ask_to_stop(&self) {
        // Who is gone has stopped.
        let _ = pidfd_send_signal(&self.process, STOP_SIGNAL);
    }

    /// Ends everything in the sandbox.
    pub(crate) fn kill(&self) {
        let _ = pidfd_send_signal(&self.init, Signal::KILL);
    }

    /// Ends everything in the sandbox and waits until it has: nothing changes its files after this. Gives whether
    /// that came to pass.
    pub(crate) fn end(&self) -> bool {
        self.kill();
        wait_until_readable(&self.init, Instant::now() + DYING)
    }

    /// The signal that ended its main process, or 0; waits a moment for the news.
    pub(super) fn ending_signal(&self) -> Option<i32> {
        self.stock.ending_of(self.slot, Instant::now() + NEWS)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.kill();
        // Without a handle the keeper cannot wait for its end, and takes its files away at once.
        let init = self.init.try_clone().ok();
        self.stock.bury(Remains { slot: self.slot, init, zygote: Arc::clone(&self.zygote) });
    }
}
