//! `load_file` and its relatives: a run's files by id or name (X2, X3).

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use pyo3::{
    exceptions::{PyFileNotFoundError, PyOSError},
    prelude::*,
    sync::PyOnceLock,
    types::{PyDict, PyList, PyModule},
};

use super::{
    super::{
        super::workspace::{CopyStart, PlacedInput},
        surroundings::Surroundings,
    },
    current::with_current,
};
use crate::formats;

/// Loads one of your files by its id or name, in the type that fits its format; options go to the reader.
#[pyfunction]
#[pyo3(signature = (id_or_name, **options))]
fn load_file<'py>(
    id_or_name: &str,
    options: Option<Bound<'py, PyDict>>,
    py: Python<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let run = current_run()?;
    let file = find(&*run, id_or_name)?;
    let path = &file.path;
    let detected = py.detach(|| formats::detect_path(&file.name, path)).map_err(|error| unreadable(file, &error))?;
    let options = options.unwrap_or_else(|| PyDict::new(py));
    let compression = detected.compression.map(formats::Compression::name);
    let arguments = (text(path), &file.name, detected.file_type.name, compression, options);
    reader(py)?.bind(py).call1(arguments)
}

/// Where one of your files lies, by its id or name.
#[pyfunction]
fn get_file_path(id_or_name: &str) -> PyResult<String> {
    let run = current_run()?;
    find(&*run, id_or_name).map(|file| text(&file.path))
}

/// Your files: a list of dicts with `id`, `name`, `type` and `size`.
#[pyfunction]
fn list_files(py: Python<'_>) -> PyResult<Bound<'_, PyList>> {
    let run = current_run()?;
    let list = PyList::empty(py);
    for file in run.inputs() {
        let entry = PyDict::new(py);
        entry.set_item("id", &file.id)?;
        entry.set_item("name", &file.name)?;
        let file_type = formats::detect_path(&file.name, &file.path).map_or("binary", |found| found.file_type.name);
        entry.set_item("type", file_type)?;
        entry.set_item("size", std::fs::metadata(&file.path).map_or(file.size, |metadata| metadata.len()))?;
        list.append(entry)?;
    }
    Ok(list)
}

/// The table behind `FILES`: ids and where the files lie.
#[pyfunction]
fn file_paths(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let table = PyDict::new(py);
    if let Ok(run) = current_run() {
        for file in run.inputs() {
            table.set_item(&file.id, text(&file.path))?;
        }
    }
    Ok(table)
}

/// Gives the path to open where code is about to write: where it leads to one of the user's files, the run's own
/// copy, so that the stored original stays as it is (X5). `empty` where the code writes the file anew.
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "arguments come from Python as values")]
fn writable(path: PathBuf, empty: bool, py: Python<'_>) -> PyResult<Option<PathBuf>> {
    let Ok(run) = current_run() else { return Ok(None) };
    let start = if empty { CopyStart::Empty } else { CopyStart::Content };
    Ok(py.detach(|| run.make_writable(&path, start))?)
}

fn current_run() -> PyResult<Arc<dyn Surroundings>> {
    with_current(|run, _| Arc::clone(&run.active))
        .ok_or_else(|| PyFileNotFoundError::new_err("Files can only be opened by code that Taipan runs."))
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// By id first, then by name where only one file has it.
fn find<'r>(run: &'r dyn Surroundings, wanted: &str) -> PyResult<&'r PlacedInput> {
    let files = run.inputs();
    if let Some(file) = files.iter().find(|file| file.id == wanted) {
        return Ok(file);
    }
    let mut named = files.iter().filter(|file| file.name == wanted);
    match (named.next(), named.next()) {
        (Some(file), None) => Ok(file),
        _ => Err(PyFileNotFoundError::new_err(not_found(wanted, files))),
    }
}

/// The sentence of X3.
fn not_found(wanted: &str, files: &[PlacedInput]) -> String {
    if files.is_empty() {
        return format!("File not found or expired: '{wanted}'. No files are available. Upload a file first.");
    }
    let available: Vec<_> = files.iter().map(|file| format!("{} ({})", file.id, file.name)).collect();
    format!("File not found or expired: '{wanted}'. Available: {}", available.join(", "))
}

/// Why the place of one of the user's files does not lead to its bytes.
fn unreadable(file: &PlacedInput, error: &io::Error) -> PyErr {
    let name = &file.name;
    if error.kind() != io::ErrorKind::NotFound {
        return PyOSError::new_err(format!("Could not read '{name}': {error}."));
    }
    PyFileNotFoundError::new_err(if file.original.exists() {
        format!("Could not read '{name}': the code has removed or moved it.")
    } else {
        format!("Could not read '{name}': the file is no longer there. Upload it again.")
    })
}

fn reader(py: Python<'_>) -> PyResult<&Py<PyAny>> {
    static READ: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    READ.get_or_try_init(py, || Ok(py.import("taipan_runtime.readers")?.getattr("read")?.unbind()))
}

pub(super) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(load_file, module)?)?;
    module.add_function(wrap_pyfunction!(get_file_path, module)?)?;
    module.add_function(wrap_pyfunction!(list_files, module)?)?;
    module.add_function(wrap_pyfunction!(file_paths, module)?)?;
    module.add_function(wrap_pyfunction!(writable, module)?)
}
