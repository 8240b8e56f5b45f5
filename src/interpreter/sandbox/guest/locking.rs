//! Gives up every right a sandbox does not need, before a byte of anybody's code is there.

use std::os::fd::{AsRawFd as _, OwnedFd};

use super::{
    super::{
        mounting::Failure,
        protections::{
            Layer, LayerReport, capabilities, descriptors, landlock,
            resource_limits::{self, ResourceLimits},
        },
        zygote::identity::own_users,
    },
    Preparation,
    places::WORKSPACE,
};

/// What the warm-up may take of memory, beyond what the run is allowed, in bytes.
const WARM_UP_BYTES: u64 = 32 * 1024 * 1024;

/// Locks this process. The order matters: each step needs what a later one gives up.
pub(super) fn lock(preparation: &Preparation, socket: &OwnedFd) -> Result<Vec<LayerReport>, Failure> {
    let limits = &preparation.limits;
    let mut locked = Locked { required: &preparation.required, reports: Vec::new() };
    // Workspace and environment are there already: without them the process would not have come this far.
    locked.done(Layer::Workspace, Ok(()))?;
    locked.done(Layer::Environment, Ok(()))?;
    let kept = descriptors::close_all_but(&[0, 1, 2, socket.as_raw_fd()]);
    locked.done(Layer::Descriptors, kept.map_err(|error| error.to_string()))?;
    locked.done(Layer::Namespaces, own_users())?;
    let resources = ResourceLimits { file_bytes: limits.workspace_bytes, ..ResourceLimits::default() };
    locked.done(Layer::ResourceLimits, resource_limits::apply(&resources))?;
    let growth = resource_limits::limit_growth(limits.memory_bytes.saturating_add(WARM_UP_BYTES));
    locked.done(Layer::Memory, growth)?;
    capabilities::drop_all()?;
    let rules = landlock::FileRules {
        read: vec!["/".into()],
        write: [WORKSPACE, "/tmp", "/dev/shm"].map(Into::into).to_vec(),
        devices: ["/dev/null", "/dev/zero"].map(Into::into).to_vec(),
        network: preparation.network,
    };
    locked.done(Layer::Landlock, landlock::restrict(&rules))?;
    locked.done(Layer::Seccomp, preparation.filters.apply())?;
    Ok(locked.reports)
}

/// What is in force so far.
struct Locked<'r> {
    required: &'r [Layer],
    reports: Vec<LayerReport>,
}

impl Locked<'_> {
    /// Notes how a layer came out.
    ///
    /// # Errors
    /// When it is not in force and nothing may run without it.
    fn done(&mut self, layer: Layer, result: Result<(), Failure>) -> Result<(), Failure> {
        match result {
            Err(reason) if self.required.contains(&layer) => Err(format!("{}: {reason}", layer.name())),
            result => {
                self.reports.push(LayerReport { layer, missing: result.err() });
                Ok(())
            }
        }
    }
}
