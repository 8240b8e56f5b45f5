//! Installations from the real index, with small wheels.

#![expect(clippy::disallowed_methods, reason = "what leads to an index is in the environment; threads are joined")]

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::*;

/// A port of the loopback where nobody listens.
const NOBODY: &str = "http://127.0.0.1:9/simple";

/// The environment this test program was built with, which has `uv` and the base packages.
fn venv() -> PathBuf {
    let python = PathBuf::from(env!("TAIPAN_BUILD_PYTHON"));
    let venv = python.parent().and_then(Path::parent).expect("python lies in an environment");
    assert!(venv.join("bin/uv").exists(), "{} has no uv; run `make venv`", venv.display());
    venv.to_owned()
}

/// An installer with folders of its own.
struct Fixture {
    folder: TempDir,
    installer: Installer,
}

impl Fixture {
    fn new(policy: PackagePolicy) -> Self {
        Self::with_environment(policy, &[])
    }

    fn with_environment(policy: PackagePolicy, more: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let installer = open(folder.path(), policy, more);
        Self { folder, installer }
    }

    fn install(&self, imports: &[&str]) -> InstallReport {
        install(&self.installer, imports, &AtomicBool::new(false))
    }

    /// What a Python of the environment prints that finds the owner's folder after the base packages.
    fn python(&self, code: &str) -> String {
        let folder = self.installer.owner_folder(Some("user-7"));
        let code = format!("import sys; sys.path.append({:?})\n{code}", folder.display().to_string());
        let output = Command::new(venv().join("bin/python")).args(["-c", &code]).output().expect("python runs");
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
    }

    /// The entries of the owner's folder, sorted.
    fn entries(&self) -> Vec<String> {
        let entries = fs::read_dir(self.installer.owner_folder(Some("user-7"))).into_iter().flatten().flatten();
        let mut names: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn is_swept(&self) -> bool {
        [".staging", ".ready"]
            .iter()
            .all(|name| fs::read_dir(self.folder.path().join("packages").join(name)).expect("a folder").count() == 0)
    }
}

fn open(folder: &Path, policy: PackagePolicy, more: &[(&str, &str)]) -> Installer {
    open_linking(folder, LinkMode::HardLink, policy, more)
}

fn open_linking(folder: &Path, links: LinkMode, policy: PackagePolicy, more: &[(&str, &str)]) -> Installer {
    let more = more.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
    let environment = std::env::vars_os().chain(more);
    let (root, cache) = (folder.join("packages"), folder.join("cache"));
    Installer::open(&venv(), root, cache, links, policy, environment).expect("an installer")
}

fn install(installer: &Installer, imports: &[&str], cancelled: &AtomicBool) -> InstallReport {
    let imports: Vec<String> = imports.iter().map(|import| (*import).to_owned()).collect();
    installer.install(Some("user-7"), &imports, cancelled, &mut |_| {})
}

/// Names without versions, which the index decides.
fn names(pins: &[String]) -> Vec<&str> {
    pins.iter().map(|pin| pin.split("==").next().unwrap_or_default()).collect()
}

fn failures(report: &InstallReport) -> Vec<(&str, &str)> {
    report.failed.iter().map(|failed| (&*failed.name, &*failed.reason)).collect()
}

/// X6: an import whose name differs from its package's, with a dependency, as one installation.
#[test]
fn a_missing_package_is_installed_with_what_it_needs() {
    let fixture = Fixture::new(PackagePolicy::default());
    let mut announced = Vec::new();
    let imports = ["slugify".to_owned(), "cowsay".to_owned()];
    let report = fixture.installer.install(Some("user-7"), &imports, &AtomicBool::new(false), &mut |names| {
        announced.push(names.to_vec());
    });
    assert_eq!(failures(&report), []);
    assert_eq!(announced, [["cowsay", "python-slugify"]]);
    assert_eq!(names(&report.installed), ["cowsay", "python-slugify"]);
    assert_eq!(names(&report.dependencies), ["text-unidecode"]);
    assert_eq!(
        fixture.python("import slugify, cowsay; print(slugify.slugify('Zwölf Boxkämpfer'))"),
        "zwolf-boxkampfer\n"
    );
    assert!(fixture.is_swept());
}

/// Bytecode is there, and files are links to the cache: a second owner costs no time and no disk.
#[test]
fn packages_are_compiled_and_shared_between_owners() {
    use std::os::unix::fs::MetadataExt;
    let fixture = Fixture::new(PackagePolicy::default());
    fixture.install(&["cowsay"]);
    let package = fixture.installer.owner_folder(Some("user-7")).join("cowsay");
    let links = fs::metadata(package.join("__init__.py")).expect("installed").nlink();
    assert_ne!(fs::read_dir(package.join("__pycache__")).expect("compiled").count(), 0);
    let other = ["cowsay".to_owned()];
    fixture.installer.install(Some("user-8"), &other, &AtomicBool::new(false), &mut |_| {});
    assert_eq!(fs::metadata(package.join("__init__.py")).expect("installed").nlink(), links + 1);
    assert!(links >= 2);
}

/// X14: where owners share a process and may write to their packages, each has files of his own.
#[test]
fn packages_that_are_copied_share_nothing_with_the_cache() {
    use std::os::unix::fs::MetadataExt;
    let folder = tempfile::tempdir().expect("a folder");
    let installer = open_linking(folder.path(), LinkMode::Copy, PackagePolicy::default(), &[]);
    install(&installer, &["cowsay"], &AtomicBool::new(false));
    let file = installer.owner_folder(Some("user-7")).join("cowsay/__init__.py");
    assert_eq!(fs::metadata(file).expect("installed").nlink(), 1);
}

/// X6: what cannot be had does not keep the rest away, and says why.
#[test]
fn a_bad_name_beside_a_good_one_fails_alone() {
    let fixture = Fixture::new(PackagePolicy::default());
    let report = fixture.install(&["taipan_has_no_such_package", "cowsay", "pyaudio"]);
    assert_eq!(names(&report.installed), ["cowsay"]);
    let expected = [
        ("pyaudio", "It has no wheel for this Python and system, and packages are not built from source here."),
        ("taipan-has-no-such-package", "There is no package of this name in the index."),
    ];
    assert_eq!(failures(&report), expected);
    assert_eq!(report.missing["taipan_has_no_such_package"].name, "taipan-has-no-such-package");
}

/// X6: the deny list, the list of approved packages and the switch, without asking the index.
#[test]
fn what_the_policy_refuses_is_not_asked_for() {
    let refused = |auto_install, import: &str| {
        let policy = PackagePolicy { auto_install, ..PackagePolicy::default() };
        let fixture = Fixture::with_environment(policy, &[("UV_DEFAULT_INDEX", NOBODY)]);
        let imports = [import.to_owned()];
        let mut started = false;
        let never = AtomicBool::new(false);
        let report = fixture.installer.install(None, &imports, &never, &mut |_| started = true);
        assert!(!started);
        report.failed[0].reason.clone()
    };
    assert_eq!(
        refused(AutoInstall::Any, "poetry"),
        "It is on the deny list: it installs packages itself, while here importing a package is what installs it."
    );
    assert_eq!(
        refused(AutoInstall::Approved, "cowsay"),
        "It is not on the list of approved packages, and only those are installed here."
    );
    assert_eq!(refused(AutoInstall::Off, "polars"), "Installing packages is switched off.");
}

/// X6: a denied package does not slip in as a dependency.
#[test]
fn what_needs_a_denied_package_is_not_installed() {
    let mut policy = PackagePolicy::default();
    policy.denied.insert("text-unidecode".to_owned());
    let fixture = Fixture::new(policy);
    let report = fixture.install(&["slugify", "cowsay"]);
    assert_eq!(names(&report.installed), ["cowsay"]);
    assert_eq!(failures(&report), [("python-slugify", "It needs text-unidecode, which is on the deny list.")]);
}

#[test]
fn base_packages_and_the_standard_library_are_never_installed() {
    let fixture = Fixture::with_environment(PackagePolicy::default(), &[("UV_DEFAULT_INDEX", NOBODY)]);
    let report = fixture.install(&["numpy", "json", "--index-url", "google.cloud"]);
    assert_eq!(report.installed, Vec::<String>::new());
    let reason = |import: &str| report.missing[import].reason.clone();
    assert!(reason("numpy").starts_with("It is a base package, "), "{}", reason("numpy"));
    assert_eq!(reason("json"), "The module belongs to Python's standard library, but this Python is without it.");
    assert_eq!(reason("--index-url"), "It is not a name that a package can have.");
    assert_eq!(
        reason("google.cloud"),
        "Many packages share this name; import the part that is needed by its full name."
    );
}

#[test]
fn more_packages_than_one_installation_takes_are_refused_before_the_index_is_asked() {
    let policy = PackagePolicy { auto_install: AutoInstall::Any, timeout: Duration::ZERO, ..PackagePolicy::default() };
    let fixture = Fixture::new(policy);
    let many: Vec<String> = (0..101).map(|number| format!("taipan_test_{number:03}.part")).collect();
    let report = fixture.install(&many.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(report.failed.len(), 101);
    let too_many =
        report.failed.iter().filter(|failed| failed.reason == "More than 100 packages were asked for at once.");
    assert_eq!(too_many.map(|failed| &*failed.name).collect::<Vec<_>>(), ["taipan-test-100"]);
}

/// X6: nothing that is installed brings a base package along, and base versions hold.
#[test]
fn a_package_that_needs_a_base_package_uses_the_one_that_is_there() {
    let fixture = Fixture::new(PackagePolicy::default());
    let report = fixture.install(&["pyxlsb", "squarify", "patsy"]);
    assert_eq!(failures(&report), []);
    assert_eq!(names(&report.installed), ["patsy", "pyxlsb", "squarify"]);
    assert!(!fixture.entries().iter().any(|entry| entry.starts_with("numpy")), "{:?}", fixture.entries());
    let output = fixture.python("import patsy, numpy; print('site-packages' in numpy.__file__)");
    assert_eq!(output, "True\n");
}

/// A wheel that needs an old numpy.
const OLD_NUMPY_WHEEL: &str = r#"
import sys, zipfile
name = "taipan_test_conflict-1.0"
with zipfile.ZipFile(f"{sys.argv[1]}/{name}-py3-none-any.whl", "w") as wheel:
    wheel.writestr("taipan_test_conflict.py", "")
    metadata = "Metadata-Version: 2.1\nName: taipan-test-conflict\nVersion: 1.0\nRequires-Dist: numpy<1.20\n"
    wheel.writestr(f"{name}.dist-info/METADATA", metadata)
    wheel.writestr(f"{name}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    wheel.writestr(f"{name}.dist-info/RECORD", "taipan_test_conflict.py,,\n")
"#;

/// X6: what cannot live with a base package says with which, and does not keep others away.
#[test]
fn a_conflict_with_a_base_package_is_named() {
    let wheels = tempfile::tempdir().expect("a folder");
    let made = Command::new(venv().join("bin/python")).args(["-c", OLD_NUMPY_WHEEL]).arg(wheels.path()).status();
    assert!(made.expect("python runs").success());
    let links = wheels.path().display().to_string();
    let fixture = Fixture::with_environment(PackagePolicy::default(), &[("UV_FIND_LINKS", &links)]);
    let report = fixture.install(&["taipan_test_conflict", "cowsay"]);
    assert_eq!(names(&report.installed), ["cowsay"]);
    let [(name, reason)] = failures(&report)[..] else { panic!("{report:?}") };
    assert_eq!(name, "taipan-test-conflict");
    let start = "It needs other versions of base packages than the ones here: ";
    assert!(reason.starts_with(start) && reason.contains("numpy<1.20 and numpy=="), "{reason}");
}

/// X6: a clear failure when the index cannot be reached.
#[test]
fn an_index_that_cannot_be_reached_is_said_so_for_each_package() {
    let fixture =
        Fixture::with_environment(PackagePolicy::default(), &[("UV_DEFAULT_INDEX", NOBODY), ("UV_HTTP_RETRIES", "0")]);
    let report = fixture.install(&["cowsay", "emoji"]);
    let reason = "The package index cannot be reached: Connection refused (os error 111).";
    assert_eq!(failures(&report), [("cowsay", reason), ("emoji", reason)]);
    assert!(fixture.is_swept());
}

/// An index that takes the connection and never answers.
fn silent_index() -> (std::net::TcpListener, String) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/simple", listener.local_addr().expect("an address"));
    (listener, url)
}

/// X6: the time limit holds, and is named.
#[test]
fn an_installation_that_takes_too_long_is_ended() {
    let (_listener, url) = silent_index();
    let policy = PackagePolicy { timeout: Duration::from_secs(1), ..PackagePolicy::default() };
    let fixture = Fixture::with_environment(policy, &[("UV_DEFAULT_INDEX", &url)]);
    let started = Instant::now();
    let report = fixture.install(&["cowsay"]);
    assert_eq!(failures(&report), [("cowsay", "Installing it took longer than 1 s, which is the limit.")]);
    assert!(started.elapsed() < Duration::from_secs(3));
    assert!(fixture.is_swept());
}

#[test]
fn cancelling_ends_an_installation_at_once() {
    let (_listener, url) = silent_index();
    let fixture = Fixture::with_environment(PackagePolicy::default(), &[("UV_DEFAULT_INDEX", &url)]);
    let cancelled = Arc::new(AtomicBool::new(false));
    let other = Arc::clone(&cancelled);
    let stopper = thread::spawn(move || {
        thread::sleep(Duration::from_millis(500));
        other.store(true, Ordering::Relaxed);
    });
    let started = Instant::now();
    let report = install(&fixture.installer, &["cowsay", "emoji"], &cancelled);
    stopper.join().expect("joined");
    let reason = "The run was cancelled while it was being installed.";
    assert_eq!(failures(&report), [("cowsay", reason), ("emoji", reason)]);
    assert!(started.elapsed() < Duration::from_secs(1));
    assert!(fixture.is_swept());
}

/// X6: the size limit holds for all an owner has, is named, and leaves what was there.
#[test]
fn what_would_be_too_large_is_not_installed_and_what_is_there_stays() {
    let policy = PackagePolicy { max_bytes: 1024 * 1024, ..PackagePolicy::default() };
    let fixture = Fixture::new(policy);
    let report = fixture.install(&["cowsay", "pyfiglet"]);
    assert_eq!(names(&report.installed), ["cowsay"]);
    let reason = "With it, the installed packages would be larger than 1 MB, which is the limit.";
    assert_eq!(failures(&report), [("pyfiglet", reason)]);
    assert_eq!(fixture.python("import cowsay; print(cowsay.__name__)"), "cowsay\n");
    assert!(fixture.is_swept());
}

/// Two runs of one owner that miss packages at the same time.
#[test]
fn installations_of_one_owner_at_once_end_well() {
    let fixture = Fixture::new(PackagePolicy::default());
    let wishes: [&[&str]; 4] = [&["cowsay"], &["slugify", "cowsay"], &["pyfiglet"], &["emoji", "slugify"]];
    let reports: Vec<_> = thread::scope(|scope| {
        let installer = &fixture.installer;
        let start = |imports: &'static [&'static str]| {
            scope.spawn(move || install(installer, imports, &AtomicBool::new(false)))
        };
        let threads: Vec<_> = wishes.into_iter().map(start).collect();
        threads.into_iter().map(|thread| thread.join().expect("joined")).collect()
    });
    assert!(reports.iter().all(|report| report.failed.is_empty()), "{reports:?}");
    let mut installed: Vec<_> = reports.iter().flat_map(|report| names(&report.installed)).collect();
    installed.sort_unstable();
    assert_eq!(installed, ["cowsay", "emoji", "pyfiglet", "python-slugify"]);
    let output = fixture.python("import cowsay, emoji, pyfiglet, slugify; print(emoji.emojize(':snake:'))");
    assert_eq!(output, "🐍\n");
    assert!(fixture.is_swept());
}

#[test]
fn what_is_there_already_is_not_installed_again() {
    let fixture = Fixture::new(PackagePolicy::default());
    fixture.install(&["cowsay"]);
    let nobody = open(fixture.folder.path(), PackagePolicy::default(), &[("UV_DEFAULT_INDEX", NOBODY)]);
    assert_eq!(install(&nobody, &["cowsay"], &AtomicBool::new(false)), InstallReport::default());
}

/// What owners have outlives the cache it came from.
#[test]
fn a_cache_that_has_grown_too_large_is_emptied() {
    let fixture = Fixture::new(PackagePolicy::default());
    fixture.install(&["cowsay"]);
    let never = AtomicBool::new(false);
    assert_eq!(fixture.installer.trim_cache(MAX_CACHE_BYTES, &never), Ok(()));
    let archive = fixture.folder.path().join("cache/archive-v0");
    assert!(archive.exists());
    assert_eq!(fixture.installer.trim_cache(1000, &never), Ok(()));
    assert!(!archive.exists());
    assert_eq!(fixture.python("import cowsay; print(cowsay.__name__)"), "cowsay\n");
    assert_eq!(names(&fixture.install(&["emoji"]).installed), ["emoji"]);
}

#[test]
fn an_environment_without_the_installer_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let venv = folder.path().join("venv");
    fs::create_dir_all(venv.join("lib")).expect("made");
    let (root, cache) = (folder.path().join("packages"), folder.path().join("cache"));
    let installer =
        Installer::open(&venv, root, cache, LinkMode::Copy, PackagePolicy::default(), []).expect("an installer");
    let report = install(&installer, &["cowsay"], &AtomicBool::new(false));
    let reason = "The installer could not be started (No such file or directory (os error 2)). Run `make venv` to set up Python's environment.";
    assert_eq!(failures(&report), [("cowsay", reason)]);
}
