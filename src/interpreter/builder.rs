//! How an interpreter is set up.

use std::{
    env::{self, VarsOs},
    fs::{self, DirBuilder},
    io,
    num::NonZeroUsize,
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _},
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
    thread,
    time::{Duration, Instant},
};

use super::{
    Host, Interpreter, InterpreterError, Isolation, StartError,
    packages::{Installer, LinkMode, MAX_CACHE_BYTES, PackagePolicy},
    pool::{Pool, PoolSettings, SessionLimits},
    python::{PROGRAM, Python, StartOptions, environment},
    recording::OutputLimits,
    sandbox::{self, Layer, Limits, Network, SandboxSettings, Sandboxes},
    workspace::{CollectionLimits, WorkspaceRoot},
};

/// With less memory than this, in bytes, not even pandas can be used.
const LEAST_MEMORY: u64 = 16 * 1024 * 1024;

/// Settings of an interpreter, each with a default that suits a program that runs its own code.
///
/// ```no_run
/// use std::time::Duration;
/// use taipan::{Interpreter, Isolation};
///
/// # fn main() -> Result<(), taipan::InterpreterError> {
/// let interpreter = Interpreter::builder()
///     .workers(2)
///     .isolation(Isolation::Thread)
///     .preload(["numpy", "pandas", "matplotlib.pyplot"])
///     .timeout(Duration::from_secs(30))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "call build()"]
pub struct Builder {
    workers: usize,
    isolation: Isolation,
    zygote_program: Option<PathBuf>,
    preload: Vec<String>,
    venv: Option<PathBuf>,
    timeout: Duration,
    max_timeout: Duration,
    queue_capacity: usize,
    runs_per_owner: usize,
    output: OutputLimits,
    collection: CollectionLimits,
    workspace_parent: Option<PathBuf>,
    packages_folder: Option<PathBuf>,
    packages: PackagePolicy,
    memory_bytes: u64,
    network: Network,
    required: Vec<Layer>,
    sessions: SessionLimits,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            workers: thread::available_parallelism().map_or(2, NonZeroUsize::get),
            isolation: Isolation::Thread,
            zygote_program: None,
            preload: Vec::new(),
            venv: None,
            timeout: Duration::from_secs(60),
            max_timeout: Duration::from_secs(300),
            queue_capacity: 256,
            runs_per_owner: 1,
            output: OutputLimits { shown: 100 * 1024, in_file: 10 * 1024 * 1024 },
            collection: CollectionLimits::default(),
            workspace_parent: None,
            packages_folder: None,
            packages: PackagePolicy::default(),
            memory_bytes: sandbox::machine_memory().min(1024 * 1024 * 1024),
            network: Network::Off,
            required: vec![Layer::Namespaces, Layer::Seccomp, Layer::ResourceLimits],
            sessions: SessionLimits { most: 16, idle: Duration::from_secs(30 * 60) },
        }
    }
}

impl Builder {
    /// How many threads run code; the number of processors by default.
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = workers;
        self
    }

    /// Where code runs; [`Isolation::Thread`] by default. For [`Isolation::Process`] the program calls
    /// [`sandbox::init`](crate::sandbox::init), or names a [`zygote_program`](Self::zygote_program).
    pub fn isolation(mut self, isolation: Isolation) -> Self {
        self.isolation = isolation;
        self
    }

    /// The program to fork sandboxes from: a `taipan` program, or one that calls `taipan::sandbox::init()` first thing in
    /// `main`. This program by default.
    pub fn zygote_program(mut self, program: impl Into<PathBuf>) -> Self {
        self.zygote_program = Some(program.into());
        self
    }

    /// Modules to import before the first run, so that no run waits for them; none by default.
    pub fn preload<M: Into<String>>(mut self, modules: impl IntoIterator<Item = M>) -> Self {
        self.preload = modules.into_iter().map(Into::into).collect();
        self
    }

    /// The virtual environment with the packages; by default the one this program was built with.
    pub fn venv(mut self, venv: impl Into<PathBuf>) -> Self {
        self.venv = Some(venv.into());
        self
    }

    /// How long code may run where the request says nothing; 60 seconds by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The most a request may ask for; 300 seconds by default.
    pub fn max_timeout(mut self, max_timeout: Duration) -> Self {
        self.max_timeout = max_timeout;
        self
    }

    /// How many requests may wait for a worker; 256 by default.
    pub fn queue_capacity(mut self, requests: usize) -> Self {
        self.queue_capacity = requests;
        self
    }

    /// How many runs of one owner go on at a time; 1 by default. Runs without an owner are not counted.
    pub fn runs_per_owner(mut self, runs: usize) -> Self {
        self.runs_per_owner = runs;
        self
    }

    /// How many bytes of output are shown; 100 KB by default. What is more goes into the file `output.txt`.
    pub fn max_output_bytes(mut self, bytes: usize) -> Self {
        self.output.shown = bytes;
        self
    }

    /// How many bytes of output beyond the shown ones `output.txt` takes; 10 MB by default. The rest is counted.
    pub fn max_output_file_bytes(mut self, bytes: u64) -> Self {
        self.output.in_file = bytes;
        self
    }

    /// How many bytes a run's generated files may have together; 500 MB by default. Others are named, not collected.
    pub fn max_workspace_bytes(mut self, bytes: u64) -> Self {
        self.collection.max_total_bytes = bytes;
        self
    }

    /// How many files a run may generate; 1,000 by default. Others are counted, not collected.
    pub fn max_generated_files(mut self, files: usize) -> Self {
        self.collection.max_files = files;
        self
    }

    /// How much memory a run may take in a sandbox, in bytes; by default 1 GB, or all of a smaller machine's. What its
    /// files in `/mnt/data`, `/tmp` and `/dev/shm` take comes on top. Python raises `MemoryError`, and what
    /// gets around that is ended as [`Ending::OutOfMemory`](super::Ending::OutOfMemory). Isolation
    /// [`Thread`](Isolation::Thread) has no such limit.
    pub fn memory_limit(mut self, bytes: u64) -> Self {
        self.memory_bytes = bytes;
        self
    }

    /// Whether code in a sandbox may reach the network; [`Network::Off`] by default.
    pub fn network(mut self, network: Network) -> Self {
        self.network = network;
        self
    }

    /// Layers of protection without which [`build`](Self::build) fails for isolation
    /// [`Process`](Isolation::Process); by default namespaces, seccomp and resource limits. Namespaces are always
    /// needed.
    pub fn require(mut self, layers: impl IntoIterator<Item = Layer>) -> Self {
        self.required = layers.into_iter().collect();
        self
    }

    /// How long a session may be unused until it ends; 30 minutes by default.
    pub fn session_idle(mut self, idle: Duration) -> Self {
        self.sessions.idle = idle;
        self
    }

    /// How many sessions may wait for their next run; 16 by default. Beyond it the longest unused one ends.
    pub fn max_sessions(mut self, sessions: usize) -> Self {
        self.sessions.most = sessions;
        self
    }

    /// Where the runs' folders are made; the system's folder for temporary files by default.
    pub fn workspace_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.workspace_parent = Some(folder.into());
        self
    }

    /// Where owners' packages are kept. By default a folder of this user's alone among the system's temporary files;
    /// name another to keep packages over a restart of the machine.
    pub fn packages_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.packages_folder = Some(folder.into());
        self
    }

    /// What may be installed when code imports it; anything by default.
    pub fn packages(mut self, policy: PackagePolicy) -> Self {
        self.packages = policy;
        self
    }

    /// Starts Python, unless it runs already, imports what should be warm and opens the pool. Blocks for the time
    /// this takes: from some milliseconds to the seconds that importing large packages needs.
    ///
    /// What it does to the whole process, with glibc: the C allocator is kept to two arenas (`M_ARENA_MAX`), so that
    /// memory does not grow with replaced workers.
    ///
    /// # Errors
    /// [`InterpreterError::Start`], which says what is missing and what to do.
    pub fn build(self) -> Result<Interpreter, InterpreterError> {
        self.check()?;
        let (sandboxes, python) = match self.isolation {
            Isolation::Thread => {
                let options = StartOptions { venv: self.venv.clone(), preload: self.preload.clone() };
                (None, Python::start(&options)?.clone())
            }
            Isolation::Process => {
                let venv = environment(self.venv.as_deref())?;
                let sandboxes = Sandboxes::start(self.sandbox_settings(venv.clone())?, self.new_root()?)?;
                let (executable, version) = (venv.join(PROGRAM), sandboxes.version().to_owned());
                (Some(sandboxes), Python { venv, executable, version })
            }
        };
        let root = self.new_root()?;
        let installer = self.installer(&python.venv)?;
        trim_package_cache(&installer);
        let settings = PoolSettings {
            workers: self.workers,
            queue_capacity: self.queue_capacity,
            runs_per_owner: self.runs_per_owner,
            collection: self.collection.clone(),
            sessions: self.sessions,
        };
        let pool = Pool::start(settings, root, sandboxes).map_err(StartError::Io)?;
        Ok(Interpreter::new(Host {
            pool,
            python,
            installer,
            timeout: self.timeout,
            max_timeout: self.max_timeout,
            output: self.output,
            isolation: self.isolation,
            started: Instant::now(),
        }))
    }

    fn new_root(&self) -> Result<WorkspaceRoot, StartError> {
        Ok(WorkspaceRoot::create(self.workspace_parent.clone())?)
    }

    fn installer(&self, venv: &Path) -> Result<Arc<Installer>, StartError> {
        let packages = self.packages_folder.clone().map_or_else(default_packages_folder, Ok)?;
        let (owners, cache) = (packages.join("owners"), packages.join("cache"));
        // Two owners' copies of one extension would share its state in one process, and are shown read-only to sandboxes.
        let links = match self.isolation {
            Isolation::Thread => LinkMode::Copy,
            Isolation::Process => LinkMode::HardLink,
        };
        let installer = Installer::open(venv, owners, cache, links, self.packages.clone(), installer_environment())?;
        Ok(Arc::new(installer))
    }

    fn sandbox_settings(&self, venv: PathBuf) -> Result<SandboxSettings, StartError> {
        if self.zygote_program.is_none() && !sandbox::is_prepared() {
            let why = "Isolation `process` starts this program a second time: call `taipan::sandbox::init()` first \
                       thing in `main`, or name the program `taipan` with `Builder::zygote_program`.";
            return Err(StartError::Isolation(why.to_owned()));
        }
        Ok(SandboxSettings {
            program: self.zygote_program.clone(),
            venv,
            preload: self.preload.clone(),
            limits: Limits::new(self.memory_bytes, self.collection.max_total_bytes),
            network: self.network,
            required: self.required.clone(),
            workers: self.workers,
        })
    }

    fn check(&self) -> Result<(), StartError> {
        if self.workers == 0 {
            return Err(StartError::Setting("An interpreter needs at least one worker.".to_owned()));
        }
        if self.runs_per_owner == 0 {
            return Err(StartError::Setting("Owners must be allowed at least one run at a time.".to_owned()));
        }
        if self.timeout.is_zero() || self.timeout > self.max_timeout {
            let most = self.max_timeout.as_secs_f64();
            return Err(StartError::Setting(format!("The time limit must be more than 0 and at most {most} seconds.")));
        }
        if self.memory_bytes < LEAST_MEMORY {
            let least = LEAST_MEMORY / (1024 * 1024);
            return Err(StartError::Setting(format!("A sandbox needs a memory limit of at least {least} MB.")));
        }
        let most = sandbox::machine_memory();
        if self.memory_bytes > most {
            let (wanted, most) = (self.memory_bytes / (1024 * 1024), most / (1024 * 1024));
            let text = format!("The memory limit is {wanted} MB, but this machine has {most} MB.");
            return Err(StartError::Setting(text));
        }
        Ok(())
    }
}

/// This process's environment, of which the installer takes what leads to package indexes.
#[expect(clippy::disallowed_methods, reason = "a library has no `config`, and these are not settings of Taipan")]
fn installer_environment() -> VarsOs {
    env::vars_os()
}

/// Keeps the cache of packages within its limit, behind everything else.
fn trim_package_cache(installer: &Arc<Installer>) {
    let installer = Arc::clone(installer);
    let trimming = thread::Builder::new().name("taipan-cache".to_owned()).spawn(move || {
        if let Err(failure) = installer.trim_cache(MAX_CACHE_BYTES, &AtomicBool::new(false)) {
            tracing::warn!(?failure, "the cache of packages could not be trimmed");
        }
    });
    if let Err(error) = trimming {
        tracing::warn!(%error, "the cache of packages is not trimmed");
    }
}

/// A folder that no other user can have put modules into.
fn default_packages_folder() -> Result<PathBuf, StartError> {
    let user = rustix::process::geteuid().as_raw();
    let folder = env::temp_dir().join(format!("taipan-packages-{user}"));
    match DirBuilder::new().mode(0o700).create(&folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(StartError::Io(error)),
        _ => {}
    }
    let found = fs::symlink_metadata(&folder)?;
    if found.is_dir() && found.uid() == user && found.mode() & 0o022 == 0 {
        return Ok(folder);
    }
    Err(StartError::Setting(format!(
        "Others can write to {}, where installed packages would be kept. Remove it, or name another folder with \
         `Builder::packages_folder`.",
        folder.display()
    )))
}
