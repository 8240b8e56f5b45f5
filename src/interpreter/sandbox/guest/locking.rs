//! Gives up every right a sandbox does not need, before a byte of anybody's code is there.

use std::{
    fs,
    os::fd::{AsFd as _, AsRawFd as _, BorrowedFd},
    path::{Path, PathBuf},
};

use super::{
    super::{
        mounting::{Failure, Saying as _},
        network,
        protections::{
            Layer, LayerReport, Network, capabilities, descriptors, landlock,
            resource_limits::{self, ResourceLimits},
        },
        wire::{conversation::FromGuest, frames, packets},
        zygote::{identity::own_users, root::FORBIDDEN},
    },
    Preparation,
    places::WORKSPACE,
    verifying,
};

/// Locks this process; the first one also tries whether it holds. The order matters: each step needs what a later
/// one gives up.
pub(super) fn lock(
    preparation: &Preparation,
    socket: BorrowedFd<'_>,
    is_first: bool,
) -> Result<Vec<LayerReport>, Failure> {
    let limits = &preparation.limits;
    let number = socket.as_raw_fd();
    let mut locked = Locked { required: &preparation.required, reports: Vec::new() };
    // Workspace and environment are there already: without them the process would not have come this far.
    locked.done(Layer::Workspace, Ok(()))?;
    locked.done(Layer::Environment, Ok(()))?;
    let kept = descriptors::close_all_but(&[0, 1, 2, number]);
    locked.done(Layer::Descriptors, kept.map_err(|error| error.to_string()))?;
    locked.done(Layer::Namespaces, own_users())?;
    // What is written fills the disk first, and the error says so; this keeps files from being larger than it.
    let resources = ResourceLimits { file_bytes: limits.disk_bytes(), ..ResourceLimits::default() };
    locked.done(Layer::ResourceLimits, resource_limits::apply(&resources))?;
    resource_limits::limit_thread_stacks();
    let growth = resource_limits::limit_growth(limits.memory_bytes);
    locked.done(Layer::Memory, growth)?;
    capabilities::drop_all(preparation.network)?;
    let rules = landlock::FileRules {
        list: vec!["/".into()],
        read: readable()?,
        write: [WORKSPACE, "/tmp", "/dev/shm"].map(Into::into).to_vec(),
        devices: ["/dev/null", "/dev/zero"].map(Into::into).to_vec(),
        // Connections are made by the program, which these rules do not concern.
        network: Network::Off,
    };
    locked.done(Layer::Landlock, landlock::restrict(&rules))?;
    if preparation.network == Network::On {
        have_connections_asked_about(socket)?;
    }
    locked.done(Layer::Seccomp, preparation.filters.apply())?;
    if is_first {
        verifying::verify(preparation, &resources, number, &mut locked.reports);
        locked.check()?;
    }
    Ok(locked.reports)
}

/// Has the kernel ask the program about connections. Whoever holds the descriptor may answer, so it does not stay.
fn have_connections_asked_about(socket: BorrowedFd<'_>) -> Result<(), Failure> {
    let listener = network::install().saying("the network")?;
    let message = frames::encode(&FromGuest::Asks).saying("a message")?;
    packets::send_bytes(socket, &message, &[listener.as_fd()]).saying("the network")
}

/// Everything that is to be seen but the one file that shows whether Landlock is in force.
fn readable() -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir("/").saying("the root")?;
    Ok(entries.flatten().map(|entry| entry.path()).filter(|path| path != Path::new(FORBIDDEN)).collect())
}

/// What is in force so far.
struct Locked<'r> {
    required: &'r [Layer],
    reports: Vec<LayerReport>,
}

impl Locked<'_> {
    /// Looks whether every layer that must be in force is.
    fn check(&self) -> Result<(), Failure> {
        let missing = self.reports.iter().filter(|report| self.required.contains(&report.layer));
        let missing = missing.filter_map(|report| Some(format!("{}: {}", report.layer, report.missing.as_ref()?)));
        let missing: Vec<_> = missing.collect();
        if missing.is_empty() { Ok(()) } else { Err(missing.join(" ")) }
    }

    /// Notes how a layer came out.
    ///
    /// # Errors
    /// When it is not in force and nothing may run without it.
    fn done(&mut self, layer: Layer, result: Result<(), Failure>) -> Result<(), Failure> {
        match result {
            Err(reason) if self.required.contains(&layer) => {
                Err(format!("the layer `{layer}` is required, and it is not in force. {reason}"))
            }
            result => {
                self.reports.push(LayerReport { layer, missing: result.err() });
                Ok(())
            }
        }
    }
}
