//! This program's side of sandboxes.
//!
//! - [`zygote`]: the child process that forks them.
//! - [`keeper`]: the thread that keeps some ready; [`under_way`]: one until it is; [`stock`]: what it shares with the
//!   workers.
//! - [`sandbox`]: one of them; [`preparing`]: what it is given; [`driving`]: a run in it, from the order to its end;
//!   [`limits_hit`]: which limits that was told by; [`priority`]: who goes first.
//! - [`written`]: what its code writes, each byte once; [`bounds`]: how much of what it says is taken; [`hearing`]:
//!   what it says; [`outgoing`]: what it is told.

mod bounds;
mod driving;
mod hearing;
mod keeper;
mod limits_hit;
mod outgoing;
mod preparing;
mod priority;
mod sandbox;
mod stock;
mod under_way;
mod written;
mod zygote;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use self::{
    keeper::Keeper,
    stock::{Bounds, Stock},
    zygote::Zygote,
};
use super::{
    Limits,
    network::resolv_conf,
    protections::{Layer, LayerReport, Network},
    wire::control::Setup,
};
use crate::interpreter::{
    InterpreterError, Protection, StartError,
    python::CodeEnd,
    workspace::{Workspace, WorkspaceRoot},
};

pub(crate) use self::sandbox::Sandbox;
#[cfg(fuzzing)]
pub(crate) use self::{
    hearing::{Heard, Hearing},
    written::Written,
};

/// How long closing waits until nothing is left.
const CLOSING: Duration = Duration::from_secs(5);
/// How often it is looked whether the first sandbox is ready.
const STEP: Duration = Duration::from_millis(5);

/// What sandboxes are made with.
#[derive(Clone, Debug)]
pub(crate) struct SandboxSettings {
    /// The program that becomes the zygote; this executable where none is named.
    pub(crate) program: Option<PathBuf>,
    /// The virtual environment.
    pub(crate) venv: PathBuf,
    /// Modules to import ahead.
    pub(crate) preload: Vec<String>,
    /// How much one may take.
    pub(crate) limits: Limits,
    /// Whether they may connect outward.
    pub(crate) network: Network,
    /// Layers without which nothing starts.
    pub(crate) required: Vec<Layer>,
    /// Workers that take sandboxes.
    pub(crate) workers: usize,
}

/// Sandboxes, made ahead of need.
pub(crate) struct Sandboxes {
    stock: Arc<Stock>,
    limits: Limits,
    version: String,
    keeper: Mutex<Option<JoinHandle<()>>>,
}

impl Sandboxes {
    /// Starts the zygote and waits until the first sandbox is ready. Blocks.
    ///
    /// # Errors
    /// With a sentence that says what this machine lacks, and what to allow.
    pub(crate) fn start(settings: SandboxSettings, root: WorkspaceRoot) -> Result<Self, StartError> {
        let staging = root.path().join("staging");
        std::fs::create_dir(&staging)?;
        let setup = Setup {
            venv: settings.venv,
            preload: settings.preload,
            staging,
            limits: settings.limits,
            network: settings.network,
            resolver: resolv_conf(),
            required: settings.required,
        };
        let program = settings.program.unwrap_or_else(zygote::own_program);
        let zygote = Arc::new(Zygote::start(&program, &setup)?);
        let version = zygote.version.clone();
        let bounds = Bounds { fewest: settings.workers, most: settings.workers * 4 };
        let stock = Arc::new(Stock::new(bounds)?);
        let keeper = Keeper::new(program, setup, root, Arc::clone(&stock), zygote);
        let keeper = thread::Builder::new().name("taipan-sandboxes".to_owned()).spawn(move || keeper.keep())?;
        let sandboxes = Self { stock, limits: settings.limits, version, keeper: Mutex::new(Some(keeper)) };
        sandboxes.wait_for_first()?;
        Ok(sandboxes)
    }

    fn wait_for_first(&self) -> Result<(), StartError> {
        while self.stock.ready() == 0 {
            if let Some(reason) = self.stock.failure() {
                let reason = reason.trim_end_matches('.');
                return Err(StartError::Isolation(format!("The sandbox cannot be set up: {reason}.")));
            }
            thread::sleep(STEP);
        }
        Ok(())
    }

    /// Takes a sandbox, waiting for one if need be; `None` once `is_given_up`.
    ///
    /// # Errors
    /// When none can be made, or this is being closed.
    pub(crate) fn take(&self, is_given_up: impl Fn() -> bool) -> Result<Option<Sandbox>, InterpreterError> {
        self.stock.take(is_given_up)
    }

    /// What to tell of the limits that a run has hit.
    pub(crate) fn limits_hit(&self, end: &CodeEnd, workspace: &Workspace) -> Vec<String> {
        limits_hit::notes(&self.limits, end, workspace.usage())
    }

    /// How many wait for code.
    pub(crate) fn ready(&self) -> usize {
        self.stock.ready()
    }

    /// The version of Python in them.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// How much one may take.
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The layers, each with whether it is in force.
    pub(crate) fn protections(&self) -> Vec<Protection> {
        let reports = self.stock.reports();
        let missing = |layer: Layer| match reports.iter().find(|report: &&LayerReport| report.layer == layer) {
            Some(report) => report.missing.clone(),
            None => Some("it has not been looked at".to_owned()),
        };
        let protection = |layer: Layer| {
            let missing = missing(layer);
            let detail = missing.clone().unwrap_or_else(|| format!("stops {}", layer.stops()));
            Protection { name: layer.name().to_owned(), in_force: missing.is_none(), detail }
        };
        Layer::ALL.into_iter().map(protection).collect()
    }

    /// Gives out no more sandboxes, and ends those that wait.
    pub(crate) fn close(&self) {
        self.stock.close();
    }

    /// The same, and waits until nothing is left of them. Blocks, though not for long.
    pub(crate) fn close_and_wait(&self) {
        self.close();
        let keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(keeper) = keeper {
            let deadline = Instant::now() + CLOSING;
            while !keeper.is_finished() && Instant::now() < deadline {
                thread::sleep(STEP);
            }
            if !keeper.is_finished() {
                tracing::warn!("sandboxes did not end in time; they end with this program");
            }
        }
    }
}

impl Drop for Sandboxes {
    fn drop(&mut self) {
        self.close_and_wait();
    }
}
