//! Settings of the interpreter: which Python, how many workers, how isolated.

use std::{ops::RangeInclusive, path::PathBuf, time::Duration};

use super::{
    reader::{Reader, Reported},
    setting::{
        AUTO_INSTALL, DATA_DIR, ISOLATION, SANDBOX_NETWORK, SANDBOX_REQUIRE, SESSION_IDLE_MINUTES, TAIPAN_VENV, WORKERS,
    },
};
use crate::interpreter::{AutoInstall, Isolation, Layer, Network};

/// What may be given for an isolation, as the end of the sentence "it must be …".
pub const ISOLATION_ALLOWED: &str = ISOLATION.allowed;

const WORKER_COUNTS: RangeInclusive<usize> = 1..=256;
const IDLE_MINUTES: RangeInclusive<u64> = 1..=1440;

/// Which Python runs and how.
#[derive(Clone, Debug, PartialEq)]
pub struct InterpreterSettings {
    /// `TAIPAN_VENV`: the Python environment; `None` for the one this program was built with.
    pub venv: Option<PathBuf>,
    /// `WORKERS`: how many runs go on at once; `None` leaves it to the command.
    pub workers: Option<usize>,
    /// `ISOLATION`: where code runs.
    pub isolation: Isolation,
    /// Whether somebody set `ISOLATION`; where nobody did, commands for other people's code choose the sandbox.
    pub isolation_is_given: bool,
    /// `SANDBOX_NETWORK`: whether code in a sandbox may connect outward.
    pub network: Network,
    /// `SANDBOX_REQUIRE`: the layers without which no sandbox starts.
    pub required_layers: Vec<Layer>,
    /// `SESSION_IDLE_MINUTES`: after how long without a run a session ends.
    pub session_idle: Duration,
    /// `AUTO_INSTALL`: which missing packages are installed on import.
    pub auto_install: AutoInstall,
    /// `DATA_DIR`: the folder for what lasts, as it was given.
    pub data_dir: PathBuf,
}

impl InterpreterSettings {
    pub(super) fn read<L: Fn(&str) -> Option<String>>(reader: &mut Reader<L>) -> Result<Self, Reported> {
        let path = |text: &str| Some(PathBuf::from(text));
        // Read all before the first `?`, so that every wrong value is named at once.
        let venv = reader.read_optional(&TAIPAN_VENV, path);
        let workers = reader.read_optional(&WORKERS, parse_workers);
        let isolation = reader.read(&ISOLATION, parse_isolation);
        let isolation_is_given = reader.is_given(&ISOLATION);
        let network = reader.read(&SANDBOX_NETWORK, parse_network);
        let required_layers = reader.read(&SANDBOX_REQUIRE, parse_layers);
        let session_idle = reader.read(&SESSION_IDLE_MINUTES, parse_idle);
        let auto_install = reader.read(&AUTO_INSTALL, |text| text.parse().ok());
        let data_dir = reader.read(&DATA_DIR, path);
        Ok(Self {
            venv: venv?,
            workers: workers?,
            isolation: isolation?,
            isolation_is_given,
            network: network?,
            required_layers: required_layers?,
            session_idle: session_idle?,
            auto_install: auto_install?,
            data_dir: data_dir?,
        })
    }
}

fn parse_workers(text: &str) -> Option<usize> {
    text.parse().ok().filter(|count| WORKER_COUNTS.contains(count))
}

fn parse_network(text: &str) -> Option<Network> {
    match text {
        "off" => Some(Network::Off),
        "on" => Some(Network::On),
        _ => None,
    }
}

fn parse_layers(text: &str) -> Option<Vec<Layer>> {
    text.split(',').map(|name| name.parse().ok()).collect()
}

fn parse_idle(text: &str) -> Option<Duration> {
    text.parse().ok().filter(|minutes| IDLE_MINUTES.contains(minutes)).map(|minutes| Duration::from_secs(minutes * 60))
}

/// An isolation by its name; `None` for anything else.
#[must_use]
pub fn parse_isolation(text: &str) -> Option<Isolation> {
    match text {
        "thread" => Some(Isolation::Thread),
        "process" => Some(Isolation::Process),
        _ => None,
    }
}
