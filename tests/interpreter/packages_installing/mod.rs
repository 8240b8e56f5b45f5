//! Packages that code imports and nobody has installed (X6, part 10).

mod owners;
mod policies;
mod progress;
mod uses;

use std::{
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use taipan::{Builder, Isolation, interpreter::PackagePolicy};
use tempfile::TempDir;

use crate::interpreters::settings;

/// Where tests keep packages from one time to the next; also one test's owners are beside it, on the same disk.
fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/test-packages")
}

/// A folder of packages in which nothing is installed yet. What was fetched for one test is there for all, and for the
/// next time.
fn nothing_installed() -> TempDir {
    let cache = kept().join("cache");
    std::fs::create_dir_all(&cache).expect("made");
    let folder = tempfile::Builder::new().prefix("owners-").tempdir_in(kept()).expect("a folder");
    symlink(cache, folder.path().join("cache")).expect("linked");
    folder
}

/// An interpreter that installs what is allowed by default.
fn installing(isolation: Isolation, packages: &TempDir) -> Builder {
    settings(isolation).packages(PackagePolicy::default()).packages_folder(packages.path())
}

/// Names without versions, which the index decides.
fn without_versions(pins: &[String]) -> Vec<&str> {
    pins.iter().map(|pin| pin.split("==").next().unwrap_or_default()).collect()
}
