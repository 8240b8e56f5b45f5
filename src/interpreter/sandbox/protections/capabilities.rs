//! Capabilities: in its user namespace a process is born almighty; it gives all of that away for good.

use std::fs;

use super::Network;
use rustix::{
    io::Errno,
    process::{DumpableBehavior, dumpable_behavior, set_dumpable_behavior},
    thread::{
        CapabilitiesSecureBits, CapabilitySet, CapabilitySets, capabilities, clear_ambient_capability_set,
        no_new_privs, remove_capability_from_bounding_set, set_capabilities, set_capabilities_secure_bits,
        set_no_new_privs,
    },
};

/// Root is nobody special, changing the user id gives nothing, and none of that can be taken back.
const LOCKED: CapabilitiesSecureBits = CapabilitiesSecureBits::NO_ROOT
    .union(CapabilitiesSecureBits::NO_ROOT_LOCKED)
    .union(CapabilitiesSecureBits::NO_SETUID_FIXUP)
    .union(CapabilitiesSecureBits::NO_SETUID_FIXUP_LOCKED)
    .union(CapabilitiesSecureBits::KEEP_CAPS_LOCKED)
    .union(CapabilitiesSecureBits::NO_CAP_AMBIENT_RAISE)
    .union(CapabilitiesSecureBits::NO_CAP_AMBIENT_RAISE_LOCKED);

/// Gives all capabilities away, in all five sets, and makes the process one that gains none by executing a file and
/// leaves no core dump.
///
/// A process that is not dumpable cannot be read or traced by others of its user, and its `/proc/self/mem`,
/// `environ` and `auxv` not even by itself. More important here: a limit of zero for core dumps does not hold where
/// they are piped to a program (systemd-coredump, apport), so each crash would start one on the host.
/// From here on `/proc/self` belongs to nobody: what is to be written there must have been written.
///
/// # Errors
/// What could not be given away.
pub(crate) fn drop_all(network: Network) -> Result<(), String> {
    let told = |what: &'static str| move |error: Errno| format!("{what}: {error}.");
    set_no_new_privs(true).map_err(told("Gaining rights by executing files could not be given up"))?;
    let sets = capabilities(None).map_err(told("Capabilities could not be read"))?;
    if sets.effective.contains(CapabilitySet::SETPCAP) {
        for number in 0..u64::BITS {
            match remove_capability_from_bounding_set(CapabilitySet::from_bits_retain(1 << number)) {
                Ok(()) => {}
                // The kernel knows no capability of this number, nor of higher ones.
                Err(Errno::INVAL) => break,
                Err(error) => return Err(told("Capabilities could not be bounded")(error)),
            }
        }
        set_capabilities_secure_bits(LOCKED).map_err(told("Capabilities could not be locked"))?;
    }
    clear_ambient_capability_set().map_err(told("Capabilities could not be dropped"))?;
    let none = CapabilitySet::empty();
    set_capabilities(None, CapabilitySets { effective: none, permitted: none, inheritable: none })
        .map_err(told("Capabilities could not be dropped"))?;
    set_dumpable_behavior(dumps(network)).map_err(told("Core dumps could not be given up"))
}

/// Tries to take a capability back.
///
/// # Errors
/// When it could, or when something was left.
pub(crate) fn verify(network: Network) -> Result<(), String> {
    let wanted = CapabilitySet::SYS_ADMIN;
    let sets = CapabilitySets { effective: wanted, permitted: wanted, inheritable: CapabilitySet::empty() };
    if set_capabilities(None, sets).is_ok() {
        return Err("A capability could be taken back.".to_owned());
    }
    if !no_new_privs().unwrap_or(false) {
        return Err("Rights can be gained by executing files.".to_owned());
    }
    if dumpable_behavior() != Ok(dumps(network)) {
        return Err("Crashes leave core dumps.".to_owned());
    }
    let left = left_over().map_err(|error| format!("Capabilities could not be read: {error}."))?;
    if left.is_empty() { Ok(()) } else { Err(format!("Capabilities were left: {}.", left.join(", "))) }
}

/// The program may only look into processes of its user that can be dumped, and has to where it makes connections for
/// them. Core dumps are forbidden by a limit as well.
fn dumps(network: Network) -> DumpableBehavior {
    match network {
        Network::Off => DumpableBehavior::NotDumpable,
        Network::On => DumpableBehavior::Dumpable,
    }
}

/// The lines of `/proc/self/status` that show a capability.
fn left_over() -> std::io::Result<Vec<String>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let sets = status.lines().filter_map(|line| line.strip_prefix("Cap")?.split_once(":\t"));
    Ok(sets
        .filter(|(_, set)| set.bytes().any(|digit| digit != b'0'))
        .map(|(name, set)| format!("{name} {set}"))
        .collect())
}
