//! Tries what each layer is to stop: a layer is in force when something harmless that it must refuse was refused.
//!
//! The first sandbox of each zygote does so, before any code is there.

use std::{env, os::fd::RawFd, path::Path};

use super::{
    super::{
        protections::{
            Layer, LayerReport, Network, capabilities, descriptors, environment, landlock, namespaces,
            resource_limits::{self, ResourceLimits},
            seccomp,
        },
        zygote::root::FORBIDDEN,
    },
    Preparation,
};

/// Tries each layer that can be tried from inside; for the others stands what was `reported`.
pub(super) fn verify(preparation: &Preparation, limits: &ResourceLimits, socket: RawFd, reported: &mut [LayerReport]) {
    for report in reported.iter_mut().filter(|report| report.missing.is_none()) {
        *report = LayerReport::new(report.layer, attack(preparation, limits, socket, report.layer));
    }
}

fn attack(preparation: &Preparation, limits: &ResourceLimits, socket: RawFd, layer: Layer) -> Result<(), String> {
    match layer {
        Layer::Namespaces => attack_namespaces(preparation),
        Layer::Landlock => landlock::verify(Path::new(FORBIDDEN)),
        Layer::Seccomp => seccomp::verify(preparation.network),
        Layer::ResourceLimits => resource_limits::verify(limits),
        Layer::Environment => environment::verify(&environment::zygote_environment(&time_zone())),
        Layer::Descriptors => descriptors::verify(&[0, 1, 2, socket]),
        // Trying these would take all the memory they allow.
        Layer::Memory | Layer::Workspace => Ok(()),
    }
}

fn attack_namespaces(preparation: &Preparation) -> Result<(), String> {
    // Its own network namespace is empty, whatever it may connect to.
    namespaces::verify(&preparation.outside, Network::Off)?;
    capabilities::verify(preparation.network)
}

#[expect(clippy::disallowed_methods, reason = "this is what the zygote was given, and no setting")]
fn time_zone() -> String {
    env::var("TZ").unwrap_or_default()
}
