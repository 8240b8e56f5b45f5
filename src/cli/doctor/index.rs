//! Installing packages on import: the installer, and the package index.

use std::{
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use tokio::{process::Command, time};

use super::check::{Check, Section};
use crate::{
    formats::measures::Seconds,
    interpreter::{AutoInstall, Status},
};

/// How long the index may take to answer.
const INDEX_TIMEOUT: Duration = Duration::from_secs(10);
/// A small package that any index has; it is looked up, not installed.
const PROBE: &str = "six";

/// Whether missing packages could be installed. Nothing here is needed for code that imports what is there.
pub(super) async fn section(status: &Status, auto_install: AutoInstall, offline: bool) -> Section {
    let mut checks = Vec::new();
    let uv = status.python_path.with_file_name("uv");
    match output(Command::new(&uv).arg("--version")).await {
        Ok(version) => {
            checks.push(Check::good("installer", version));
            checks.push(match (auto_install, offline) {
                (AutoInstall::Off, _) => Check::note("package index", "not needed: AUTO_INSTALL is off"),
                (_, true) => Check::note("package index", "not asked: --offline"),
                _ => ask_index(&uv, &status.python_path).await,
            });
        }
        Err(reason) => {
            let advice = "Packages cannot be installed on import. Run `make venv`.";
            checks.push(Check::weak("installer", format!("{} does not run: {reason}. {advice}", uv.display())));
        }
    }
    Section { title: "Packages on demand", checks }
}

async fn ask_index(uv: &Path, python: &Path) -> Check {
    let started = Instant::now();
    let mut command = Command::new(uv);
    command.args(["pip", "install", "--dry-run", "--no-deps", "--no-cache", "--reinstall", "--quiet", "--python"]);
    command.arg(python).arg(PROBE);
    match output(&mut command).await {
        Ok(_) => Check::good("package index", format!("answers ({})", Seconds(started.elapsed()))),
        Err(reason) => {
            let advice = "Check the network, or set AUTO_INSTALL=off.";
            Check::weak("package index", format!("does not answer: {reason}. {advice}"))
        }
    }
}

/// What a command prints, or why it failed; it is killed when it takes too long.
async fn output(command: &mut Command) -> Result<String, String> {
    command.stdin(Stdio::null()).kill_on_drop(true);
    let output = match time::timeout(INDEX_TIMEOUT, command.output()).await {
        Ok(output) => output.map_err(|error| error.to_string())?,
        Err(_) => return Err(format!("no answer within {} seconds", INDEX_TIMEOUT.as_secs())),
    };
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).trim().trim_end_matches('.').to_owned())
    }
}
