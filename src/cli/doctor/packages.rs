//! The base packages: there, and importable.

use std::time::Duration;

use super::check::{Check, Section};
use crate::{
    Ending, Request,
    interpreter::{Interpreter, Status},
};

/// The base packages (X7): their names in the package index, and what code imports.
const BASE_PACKAGES: [(&str, &str); 9] = [
    ("numpy", "numpy"),
    ("pandas", "pandas"),
    ("scipy", "scipy"),
    ("scikit-learn", "sklearn"),
    ("matplotlib", "matplotlib.pyplot"),
    ("seaborn", "seaborn"),
    ("pillow", "PIL.Image"),
    ("pyarrow", "pyarrow"),
    ("openpyxl", "openpyxl"),
];

/// The first import on a machine with cold disks takes its time.
const IMPORT_TIMEOUT: Duration = Duration::from_secs(120);

/// Imports each base package in a run of its own.
pub(super) async fn section(interpreter: &Interpreter, status: &Status) -> Section {
    let mut checks = Vec::with_capacity(BASE_PACKAGES.len());
    for (name, module) in BASE_PACKAGES {
        let request = Request::new(format!("import {module}")).timeout(IMPORT_TIMEOUT);
        let problem = match interpreter.execute(request).await {
            Ok(outcome) => problem(outcome.ending),
            Err(error) => Some(error.to_string()),
        };
        checks.push(match problem {
            None => Check::good(name, version(status, name)),
            Some(reason) => Check::missing(name, format!("{reason}. Run `make venv` to install the base packages.")),
        });
    }
    Section { title: "Base packages", checks }
}

fn problem(ending: Ending) -> Option<String> {
    match ending {
        Ending::Completed => None,
        Ending::Raised(exception) => Some(format!("{}: {}", exception.type_name, exception.message)),
        other => Some(format!("the import ended as {}", other.name())),
    }
}

fn version(status: &Status, name: &str) -> String {
    let found = status.installed_packages.iter().find(|(installed, _)| installed.eq_ignore_ascii_case(name));
    found.map_or_else(|| "version unknown".to_owned(), |(_, version)| version.clone())
}
