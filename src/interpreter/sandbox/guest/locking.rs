//! Gives up every right a sandbox does not need, before a byte of anybody's code is there.

use std::os::fd::{AsRawFd as _, OwnedFd};

use super::{
    super::{
        mounting::Failure,
        protections::{
            Layer, LayerReport, capabilities, descriptors, landlock, resource_limits,
        },
        zygote::identity::own_users,
    },
    Preparation,
    places::{INPUTS, WORKSPACE},
};

/// Locks this process. The order matters: each step needs what a later one gives up.
pub(super) fn lock(preparation: &Preparation, socket: &OwnedFd) -> Result<Vec<LayerReport>, Failure> {
    let mut locked = Locked { required: &preparation.required, reports: Vec::new() };
    locked.done(Layer::Descriptors, descriptors::close_all_but(&[0, 1, 2, socket.as_raw_fd()]).map_err(text))?;
    locked.done(Layer::Namespaces, own_users())?;
    locked.done(Layer::ResourceLimits, resource_limits::apply(&preparation.limits))?;
    capabilities::drop_all()?;
    let rules = landlock::FileRules {
        read: vec!["/".into()],
        write: [WORKSPACE, "/tmp", "/dev/shm"].map(Into::into).to_vec(),
        devices: ["/dev/null", "/dev/zero"].map(Into::into).to_vec(),
        network: preparation.network,
    };
    let _ = INPUTS;
    locked.done(Layer::Landlock, landlock::restrict(&rules))?;
    locked.done(Layer::Seccomp, preparation.filters.apply())?;
    Ok(locked.reports)
}

fn text(error: std::io::Error) -> Failure {
    error.to_string()
}

/// What is in force so far.
struct Locked<'r> {
    required: &'r [Layer],
    reports: Vec<LayerReport>,
}

impl Locked<'_> {
    /// Notes how a layer came out.
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
