//! The Python that runs code.

use super::check::{Check, Section};
use crate::{formats::measures::counted, interpreter::Status};

/// The version of Python that this program is linked with.
const BUILT: &str = env!("TAIPAN_BUILD_PYTHON_VERSION");

/// Which Python it is, and whether its environment fits; or why it did not start.
pub(super) fn section(started: Result<(), String>, status: Option<&Status>) -> Section {
    let mut checks = vec![Check::note("built with", format!("Python {BUILT}"))];
    match (started, status) {
        (Ok(()), Some(status)) => {
            checks.push(Check::good("version", format!("Python {}", status.python_version)));
            checks.push(Check::good("executable", status.python_path.display().to_string()));
            checks.push(environment(status));
        }
        (Err(reason), _) => checks.push(Check::missing("environment", reason)),
        (Ok(()), None) => {}
    }
    Section { title: "Python", checks }
}

fn environment(status: &Status) -> Check {
    // Its `python` lies in `bin`.
    let path = status.python_path.ancestors().nth(2).unwrap_or(&status.python_path).display();
    if status.venv_exists {
        Check::good("environment", format!("{path} with {}", counted(status.package_count, "package")))
    } else {
        Check::missing("environment", format!("There is none at {path}. Run `make venv`, or set TAIPAN_VENV."))
    }
}
