//! Installing what code imports.

use std::sync::Arc;

use pyo3::{prelude::*, types::PyModule};

use super::current::with_current;

/// What became of an installation: what is there now, and what is not, with reasons.
type Installed = (Vec<String>, Vec<(String, String)>);

/// Installs the packages behind these imports for the owner of the current run.
/// Gives what was installed as `name==version`, and names with the reasons why they were not.
#[pyfunction]
fn install(py: Python<'_>, imports: Vec<String>) -> Installed {
    let Some(active) = with_current(|run, _| Arc::clone(&run.active)) else {
        return (Vec::new(), imports.into_iter().map(|name| (name, "no run asked for it".to_owned())).collect());
    };
    let (installed, failed) = py.detach(|| active.install(&imports));
    (installed, failed.into_iter().map(|package| (package.name, package.reason)).collect())
}

pub(super) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(install, module)?)
}
