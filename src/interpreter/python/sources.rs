//! The Python files of `python/taipan_runtime`, embedded in the program.

use pyo3::{prelude::*, types::PyDict};

/// One embedded Python file.
struct Source {
    name: &'static str,
    is_package: bool,
    text: &'static str,
}

static SOURCES: &[Source] = include!(concat!(env!("OUT_DIR"), "/runtime_sources.rs"));

/// Makes `import taipan_runtime` find the embedded files.
///
/// The importer itself is one of them, run here by hand.
pub(super) fn install(py: Python<'_>) -> PyResult<()> {
    let sources = PyDict::new(py);
    for source in SOURCES {
        sources.set_item(source.name, (source.text, source.is_package))?;
    }
    let Some(importer) = SOURCES.iter().find(|source| source.name == "taipan_runtime.starting.embedded") else {
        return Err(pyo3::exceptions::PyImportError::new_err("taipan_runtime.starting.embedded is not embedded"));
    };
    let namespace = PyDict::new(py);
    namespace.set_item("__name__", importer.name)?;
    let compile = py.import("builtins")?.getattr("compile")?;
    let code = compile.call1((importer.text, "<taipan>/starting/embedded.py", "exec"))?;
    py.import("builtins")?.getattr("exec")?.call1((code, &namespace))?;
    namespace.get_item("install")?.map(|install| install.call1((sources,))).transpose()?;
    Ok(())
}
