//! What keeps code apart from the machine and from other code.

use super::check::{Check, Section};
use crate::{
    config::{Limits, Settings},
    formats::measures::ByteSize,
    interpreter::{Isolation, Layer, Network, Protection, Status, sandbox},
};

/// The isolation in force, and the limits that hold in it.
pub(super) fn section(settings: &Settings, status: &Status) -> Section {
    let in_force = match settings.interpreter.isolation {
        Isolation::Thread => Check::note(
            "thread",
            "in force: code runs in this process. This is no security boundary; run only code you trust.",
        ),
        Isolation::Process if status.isolation == Isolation::Process => {
            Check::good("process", "in force: code runs in a sandbox of its own.")
        }
        Isolation::Process => Check::note("process", "asked for, but there is no sandbox, so no code runs; see below."),
    };
    let limits = status.protections.iter().filter(|protection| layer_of(protection).is_none());
    let limits = limits.filter(|protection| protection.in_force);
    let limits = limits.map(|limit| Check::good(&*limit.name, &*limit.detail));
    Section { title: "Isolation", checks: std::iter::once(in_force).chain(limits).collect() }
}

/// The sandbox: each layer, or why there is none. Something is missing only where settings ask for it.
pub(super) fn sandbox(settings: &Settings, started: Result<&Status, &str>) -> Section {
    let is_wanted = settings.interpreter.isolation == Isolation::Process;
    let checks = match started {
        Ok(status) => {
            let layers = status.protections.iter().filter_map(|protection| Some((layer_of(protection)?, protection)));
            let required = &settings.interpreter.required_layers;
            let mut checks: Vec<_> =
                layers.map(|(layer, found)| row(layer, found, is_wanted && required.contains(&layer))).collect();
            checks.push(network(settings.interpreter.network));
            checks.push(room(&settings.limits, settings.interpreter.workers.unwrap_or(1)));
            checks
        }
        Err(reason) if is_wanted => vec![Check::missing("sandbox", reason)],
        Err(reason) => vec![Check::weak("sandbox", format!("{reason} Isolation `process` does not start here."))],
    };
    Section { title: "Sandbox", checks }
}

fn layer_of(protection: &Protection) -> Option<Layer> {
    protection.name.parse().ok()
}

fn row(layer: Layer, found: &Protection, is_needed: bool) -> Check {
    let (name, stops) = (layer.name(), layer.stops());
    if found.in_force {
        return Check::good(name, format!("in force: stops {stops}"));
    }
    let detail = format!("not in force: would stop {stops}. {}", found.detail);
    if is_needed {
        Check::missing(name, format!("{detail} SANDBOX_REQUIRE asks for it."))
    } else {
        Check::weak(name, detail)
    }
}

fn network(network: Network) -> Check {
    let detail = match network {
        Network::Off => "off: no connections in any form",
        Network::On => "on: connections outward, none to this machine or to private addresses",
    };
    Check::note("network", detail)
}

/// What runs may take together. Files of a sandbox lie in memory, so they count.
fn room(limits: &Limits, workers: usize) -> Check {
    let each = sandbox::most_memory(limits.memory_bytes, limits.workspace_bytes);
    let together = each.saturating_mul(u64::try_from(workers).unwrap_or(u64::MAX));
    let (machine, files) = (sandbox::machine_memory(), each.saturating_sub(limits.memory_bytes));
    let detail = format!(
        "each run takes up to {}, and its files up to {}; this machine has {}",
        ByteSize(limits.memory_bytes),
        ByteSize(files),
        ByteSize(machine)
    );
    if together <= machine {
        return Check::note("room", detail);
    }
    let advice = "Lower MEMORY_LIMIT_MB, MAX_WORKSPACE_MB or WORKERS, or greedy runs bring the machine to its limits.";
    Check::weak("room", format!("{detail}, and {workers} may run at once. {advice}"))
}
