//! Installs what a run imports into the folder of the run's owner.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    io,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
    time::{Duration, Instant},
};

use super::{
    base_packages::base_packages,
    distribution::Distribution,
    failure::Failure,
    installation::Installation,
    names::{Provider, provider},
    policy::PackagePolicy,
    store::{Store, bytes_in, remove_leftovers},
    uv::{LinkMode, Uv, Watch},
};
use crate::interpreter::FailedPackage;

/// How many packages one call may ask for; the rest is answered with a reason.
const MAX_PACKAGES: usize = 100;
/// How many import names are looked at; several of them may stand for one package.
const MAX_IMPORTS: usize = 1000;

/// How large the cache of wheels may grow before [`Installer::trim_cache`] empties it.
pub(crate) const MAX_CACHE_BYTES: u64 = 20 * 1024 * 1024 * 1024;
/// How long emptying the cache may take, waiting for installations that use it included.
const TRIM_TIMEOUT: Duration = Duration::from_secs(60);

/// Installs packages for all owners of one environment.
///
/// Safe to use from many threads, and beside other processes that use the same folders.
#[derive(Debug)]
pub(crate) struct Installer {
    uv: Uv,
    store: Store,
    cache: PathBuf,
    policy: PackagePolicy,
    base: Vec<Distribution>,
}

/// What an installation came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct InstallReport {
    /// What was asked for and is there now, as `name==version`, sorted.
    pub(crate) installed: Vec<String>,
    /// What came along because something needed it, as `name==version`, sorted.
    pub(crate) dependencies: Vec<String>,
    /// What could not be had, sorted by name.
    pub(crate) failed: Vec<FailedPackage>,
    /// For each import name that stays missing, the package it stands for.
    pub(crate) missing: BTreeMap<String, FailedPackage>,
}

impl Installer {
    /// Opens the folders of packages, which the first installation makes, and brings what a crash left in order.
    ///
    /// `cache` and `root` must lie on one filesystem where packages are hard links to the cache. Of `environment` only
    /// what leads to an index, a proxy or a certificate is passed on to the installer.
    ///
    /// # Errors
    /// When the environment or a folder cannot be read.
    pub(crate) fn open(
        venv: &Path,
        root: PathBuf,
        cache: PathBuf,
        links: LinkMode,
        policy: PackagePolicy,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> io::Result<Self> {
        // The installer runs in another working directory than this process.
        let (venv, root, cache) = (std::path::absolute(venv)?, std::path::absolute(root)?, std::path::absolute(cache)?);
        remove_leftovers(&cache);
        let uv = Uv::new(&venv, &cache, links, environment);
        Ok(Self { uv, store: Store::open(root)?, cache, policy, base: base_packages(&venv)? })
    }

    /// The base packages, as name and version, sorted.
    pub(crate) fn base_packages(&self) -> Vec<(String, String)> {
        self.base.iter().map(|package| (package.name.clone(), package.version.clone())).collect()
    }

    /// The folder of an owner's packages, to be searched after the base packages. Made by the first installation.
    pub(crate) fn owner_folder(&self, owner: Option<&str>) -> PathBuf {
        self.store.owner_folder(owner)
    }

    /// Installs what these import names stand for, as one installation, into the owner's folder.
    ///
    /// What cannot be had does not keep the rest from being installed. `on_start` is told the packages that are
    /// about to be installed, if any. Setting `cancelled` ends the installation within some 10 ms.
    pub(crate) fn install(
        &self,
        owner: Option<&str>,
        imports: &[String],
        cancelled: &AtomicBool,
        on_start: &mut dyn FnMut(&[String]),
    ) -> InstallReport {
        let (wishes, mut refused) = self.sort_out(imports);
        let names: BTreeSet<String> = wishes.iter().map(|wish| wish.name.clone()).collect();
        let names: Vec<String> = names.into_iter().collect();
        let mut brought = Vec::new();
        if !names.is_empty() {
            on_start(&names);
            let timeout = self.policy.timeout;
            let watch = Watch { deadline: Instant::now() + timeout, timeout, cancelled };
            let (got, lost) = self.bring(owner, &names.iter().map(String::as_str).collect::<Vec<_>>(), &watch);
            brought = got;
            for (name, failure) in lost {
                let in_vain = wishes.iter().filter(|wish| wish.name == name).cloned();
                refused.extend(in_vain.map(|wish| (wish, failure.clone())));
            }
        }
        report(&brought, &names, refused)
    }

    /// Empties the cache of wheels when it is larger than `limit`, usually [`MAX_CACHE_BYTES`]. Packages of owners
    /// are links or copies, and stay. Walks the whole cache, so it belongs at the start or into a quiet hour.
    pub(crate) fn trim_cache(&self, limit: u64, cancelled: &AtomicBool) -> Result<(), Failure> {
        if bytes_in(&self.cache) <= limit {
            return Ok(());
        }
        let watch = Watch { deadline: Instant::now() + TRIM_TIMEOUT, timeout: TRIM_TIMEOUT, cancelled };
        self.uv.empty_cache(&watch)
    }

    fn bring(&self, owner: Option<&str>, names: &[&str], watch: &Watch<'_>) -> Brought {
        let all_fail =
            |failure: Failure| (Vec::new(), names.iter().map(|name| ((*name).to_owned(), failure.clone())).collect());
        let lock = match self.store.lock(owner, watch) {
            Ok(lock) => lock,
            Err(failure) => return all_fail(failure),
        };
        let installation = Installation {
            uv: &self.uv,
            lock: &lock,
            cache: &self.cache,
            policy: &self.policy,
            base: &self.base,
            watch,
        };
        installation.bring(names).unwrap_or_else(|error| all_fail(error.into()))
    }

    /// Tells what may be installed from what may not, with the reason.
    fn sort_out(&self, imports: &[String]) -> (Vec<Wish>, Vec<(Wish, Failure)>) {
        let (mut wishes, mut refused) = (Vec::new(), Vec::new());
        let mut packages = BTreeSet::new();
        for import in imports.iter().take(MAX_IMPORTS) {
            let (name, allowed) = match provider(import) {
                Provider::Distribution(name) if packages.len() >= MAX_PACKAGES && !packages.contains(&name) => {
                    (name, Err(Failure::TooMany { limit: MAX_PACKAGES }))
                }
                Provider::Distribution(name) => (name.clone(), self.admit(&name)),
                Provider::StandardLibrary => (import.clone(), Err(Failure::StandardLibrary)),
                Provider::Namespace => (import.clone(), Err(Failure::Namespace)),
                Provider::Unusable => (import.clone(), Err(Failure::Unusable)),
            };
            let wish = Wish { import: import.clone(), name };
            match allowed {
                Ok(()) => {
                    packages.insert(wish.name.clone());
                    wishes.push(wish);
                }
                Err(failure) => refused.push((wish, failure)),
            }
        }
        (wishes, refused)
    }

    fn admit(&self, name: &str) -> Result<(), Failure> {
        match self.base.iter().find(|base| base.name == name) {
            Some(base) => Err(Failure::InBase { version: base.version.clone() }),
            None => self.policy.allows(name),
        }
    }
}

/// A missing module and the package it stands for.
#[derive(Clone, Debug)]
struct Wish {
    import: String,
    name: String,
}

/// What was installed, and what was not, with reasons.
pub(super) type Brought = (Vec<Distribution>, Vec<(String, Failure)>);

fn report(brought: &[Distribution], asked: &[String], refused: Vec<(Wish, Failure)>) -> InstallReport {
    let (installed, dependencies): (BTreeSet<_>, BTreeSet<_>) =
        brought.iter().partition(|distribution| asked.contains(&distribution.name));
    let text = |set: BTreeSet<&Distribution>| set.into_iter().map(Distribution::to_string).collect();
    let mut report =
        InstallReport { installed: text(installed), dependencies: text(dependencies), ..InstallReport::default() };
    let mut failed = BTreeMap::new();
    for (wish, failure) in refused {
        let package = FailedPackage { name: wish.name, reason: failure.to_string() };
        failed.insert(package.name.clone(), package.clone());
        report.missing.insert(wish.import, package);
    }
    report.failed = failed.into_values().collect();
    report
}
