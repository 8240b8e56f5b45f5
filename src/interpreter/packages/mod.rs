//! Packages that code imports and nobody has installed yet (X6).
//!
//! The import hook in Python asks with the names of the modules that are missing; the [`Installer`] finds out which
//! distributions they stand for, whether the [`PackagePolicy`] allows them, and lets `uv` install wheels into the
//! folder of the run's owner. It blocks until it is done, so it is called without the interpreter's lock.
//!
//! What holds at all times:
//! - Base packages and modules of the standard library are never installed, and what is new fits the base packages'
//!   versions. The owner's folder is searched last, so nothing in it can take their place.
//! - Nothing is built or executed: wheels are unpacked, and their modules compiled.
//! - An owner's folder changes only under his lock, and an installation that fails, is cancelled or is cut off by a
//!   crash leaves it as it was, or complete.

mod base_packages;
mod distribution;
mod failure;
mod installation;
mod installer;
mod names;
mod policy;
mod store;
#[cfg(test)]
mod tests;
mod uv;

#[cfg(test)]
pub(crate) use installer::InstallReport;
pub(crate) use installer::{Installer, MAX_CACHE_BYTES};
pub use policy::{AutoInstall, DEFAULT_MAX_BYTES, DEFAULT_TIMEOUT, PackagePolicy};
pub(crate) use uv::LinkMode;
