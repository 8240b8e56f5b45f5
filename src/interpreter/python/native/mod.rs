//! The module `_taipan`: functions written in Rust that Python code calls.
//!
//! Each file holds one group of functions; `current` says which run a thread belongs to.

mod current;
mod files;
mod locale;
mod output;
mod packages;
mod recursion;
mod run;
mod snapshot;

use pyo3::{prelude::*, types::PyModule};

pub(super) use self::{current::Entered, run::PyRun};

/// Registers `_taipan`, so that `import _taipan` works.
pub(super) fn install(py: Python<'_>) -> PyResult<()> {
    let module = PyModule::new(py, "_taipan")?;
    module.add_class::<PyRun>()?;
    current::register(&module)?;
    output::register(&module)?;
    files::register(&module)?;
    locale::register(&module)?;
    packages::register(&module)?;
    snapshot::register(&module)?;
    recursion::register(&module)?;
    py.import("sys")?.getattr("modules")?.set_item("_taipan", module)
}
