//! Installing what code imports.

use std::{collections::BTreeMap, sync::Arc};

use pyo3::{prelude::*, types::PyModule};

use super::current::with_current;

/// Installs the packages behind these imports for the owner of the current run.
/// Gives the imports that stay missing, each with the package it stands for and the reason.
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "arguments come from Python as values")]
fn install(py: Python<'_>, imports: Vec<String>) -> BTreeMap<String, (String, String)> {
    let Some(active) = with_current(|run, _| Arc::clone(&run.active)) else { return BTreeMap::new() };
    let missing = py.detach(|| active.install(&imports));
    missing.into_iter().map(|(import, package)| (import, (package.name, package.reason))).collect()
}

pub(super) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(install, module)?)
}
