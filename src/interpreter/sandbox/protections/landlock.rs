//! Landlock: which files may be opened, decided by the kernel for this process alone.
//!
//! Namespaces hide files; Landlock forbids them, and so holds where a bind mount was forgotten or a way out of the
//! small root was found. It also ends signals to, and abstract sockets of, whatever lies outside.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use ::landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, LandlockStatus, RestrictionStatus, Ruleset,
    RulesetAttr, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope, make_bitflags, path_beneath_rules,
};

use super::Network;

/// The newest version of which the crate knows the rights. Kernels without the newer ones enforce what they have.
const NEWEST: ABI = ABI::V9;

/// Reading files and listing folders. Executing is not among it and never allowed: shared libraries are mapped,
/// which needs no right to execute.
const READ: BitFlags<AccessFs> = make_bitflags!(AccessFs::{ReadFile | ReadDir});

/// What code may do with its own files. Sockets and devices are not made, and none is controlled by `ioctl`.
const CHANGE: BitFlags<AccessFs> = make_bitflags!(AccessFs::{
    WriteFile | Truncate | MakeReg | MakeDir | MakeSym | MakeFifo | RemoveFile | RemoveDir | Refer
});

/// Which files a sandbox may use. What cannot be opened when the rules are made is left out, and so forbidden.
#[derive(Clone, Debug, Default)]
pub(crate) struct FileRules {
    /// Folders in which, as in all below, may be looked what there is.
    pub(crate) list: Vec<PathBuf>,
    /// Files, and folders with all below, that may be read.
    pub(crate) read: Vec<PathBuf>,
    /// Folders in which files may be read, made, changed and removed.
    pub(crate) write: Vec<PathBuf>,
    /// Devices that may be read and written, such as `/dev/null`.
    pub(crate) devices: Vec<PathBuf>,
    /// Whether TCP connections may be made.
    pub(crate) network: Network,
}

/// Puts the rules in force for this thread and all that it starts; there is no way back.
///
/// Newer rights (truncating, TCP, devices, signals) are enforced where the kernel knows them.
///
/// # Errors
/// When nothing is enforced: the reason, and what to do about it.
pub(crate) fn restrict(rules: &FileRules) -> Result<(), String> {
    let status = enforce(rules).map_err(|error| format!("Landlock could not be put in force: {error}."))?;
    match (status.ruleset, status.landlock) {
        (RulesetStatus::NotEnforced, LandlockStatus::NotEnabled) => Err(NOT_ENABLED.to_owned()),
        (RulesetStatus::NotEnforced, _) => Err(NOT_BUILT_IN.to_owned()),
        (RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced, _) => Ok(()),
    }
}

const NOT_ENABLED: &str = "The kernel has Landlock, but it is switched off: add `landlock` to the kernel's parameter \
    `lsm=` and start the machine again.";

const NOT_BUILT_IN: &str = "The kernel has no Landlock, or a container's seccomp profile forbids it: use Linux 5.13 or \
    newer built with CONFIG_SECURITY_LANDLOCK, and allow the calls `landlock_create_ruleset`, `landlock_add_rule` and \
    `landlock_restrict_self`.";

fn enforce(rules: &FileRules) -> Result<RestrictionStatus, RulesetError> {
    let mut ruleset = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?;
    if rules.network == Network::Off {
        ruleset = ruleset.handle_access(AccessNet::from_all(NEWEST))?;
    }
    ruleset
        .create()?
        .add_rules(path_beneath_rules(&rules.list, AccessFs::ReadDir))?
        .add_rules(path_beneath_rules(&rules.read, READ))?
        .add_rules(path_beneath_rules(&rules.write, READ | CHANGE))?
        .add_rules(path_beneath_rules(&rules.devices, READ | AccessFs::WriteFile | AccessFs::Truncate))?
        // Code that tries forbidden files in a loop would fill the host's audit log.
        .log_same_exec(false)?
        .restrict_self()
}

/// Tries to open a file that exists and that the rules do not name.
///
/// # Errors
/// When it could be opened, or was not there to be tried.
pub(crate) fn verify(outside: &Path) -> Result<(), String> {
    match fs::File::open(outside) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        Err(error) => Err(format!("It could not be tried whether Landlock forbids {}: {error}.", outside.display())),
        Ok(_) => Err(format!("Landlock did not keep {} from being opened.", outside.display())),
    }
}
