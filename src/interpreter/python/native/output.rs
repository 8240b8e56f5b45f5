//! What code writes and shows.

use std::io::Write as _;

use pyo3::{
    prelude::*,
    types::{PyBytes, PyModule, PyString},
};

use super::{
    super::super::{
        Display,
        recording::{Channel, Writer},
    },
    current::{only_run, with_current},
};

/// Writes text to standard output; gives its length in characters, as `TextIOBase.write` does.
#[pyfunction]
fn write_stdout(text: &Bound<'_, PyString>) -> PyResult<usize> {
    write(Channel::Stdout, text)
}

/// Writes text to standard error.
#[pyfunction]
fn write_stderr(text: &Bound<'_, PyString>) -> PyResult<usize> {
    write(Channel::Stderr, text)
}

/// Writes text to what now stands for standard output in this run, as `print` does.
#[pyfunction]
fn print_stdout(text: &Bound<'_, PyString>) -> PyResult<usize> {
    print(Channel::Stdout, text)
}

/// Writes text to what now stands for standard error in this run.
#[pyfunction]
fn print_stderr(text: &Bound<'_, PyString>) -> PyResult<usize> {
    print(Channel::Stderr, text)
}

fn print(channel: Channel, text: &Bound<'_, PyString>) -> PyResult<usize> {
    match with_current(|run, _| run.redirection(text.py(), channel)).flatten() {
        Some(stream) => {
            stream.call_method1(text.py(), "write", (text,))?;
            text.len()
        }
        None => write(channel, text),
    }
}

fn write(channel: Channel, text: &Bound<'_, PyString>) -> PyResult<usize> {
    if let Ok(text) = text.to_str() {
        record(channel, text);
    } else {
        // Lone surrogates have no UTF-8: shown as `\ud800` (X12).
        let bytes = text.call_method1("encode", ("utf-8", "backslashreplace"))?;
        record(channel, &String::from_utf8_lossy(bytes.cast::<PyBytes>()?.as_bytes()));
    }
    text.len()
}

fn record(channel: Channel, text: &str) {
    let known = with_current(|run, writer| run.active.write(channel, writer, text));
    if known.is_none() {
        match only_run() {
            Some(run) => run.write(channel, Writer::Thread(0), text),
            None => write_outside(channel, text.as_bytes()),
        }
    }
}

/// Python code that belongs to no run: the host program's own.
fn write_outside(channel: Channel, bytes: &[u8]) {
    // Nobody can be told when the program's own streams are closed.
    let _ = match channel {
        Channel::Stdout => std::io::stdout().write_all(bytes),
        Channel::Stderr => std::io::stderr().write_all(bytes),
    };
}

/// Writes bytes to a stream: 1 is standard output, 2 standard error.
#[pyfunction]
fn write_bytes(stream: u8, bytes: &[u8]) -> usize {
    let channel = channel(stream);
    let known = with_current(|run, writer| run.active.write_bytes(channel, writer, bytes));
    if known.is_none() {
        match only_run() {
            Some(run) => run.write_bytes(channel, Writer::Thread(0), bytes),
            None => write_outside(channel, bytes),
        }
    }
    bytes.len()
}

/// What the code has put in the place of a stream, or `None`.
#[pyfunction]
fn redirection(py: Python<'_>, stream: u8) -> Option<Py<PyAny>> {
    with_current(|run, _| run.redirection(py, channel(stream))).flatten()
}

/// Puts something in the place of a stream, for this run alone; `None` puts the stream back.
#[pyfunction]
fn redirect(stream: u8, target: Option<Py<PyAny>>) {
    // Outside of runs there is nothing to redirect.
    let _ = with_current(|run, _| run.redirect(channel(stream), target));
}

fn channel(stream: u8) -> Channel {
    Channel::numbered(stream).unwrap_or(Channel::Stdout)
}

/// Tells the program's log of a fault in the runtime.
#[pyfunction]
fn warn(text: &str) {
    tracing::warn!(text, "the runtime inside Python has a fault");
}

/// Shows a value: its text, HTML and Markdown, and whether something was cut.
#[pyfunction]
fn show(text: String, html: Option<String>, markdown: Option<String>, cut: bool) {
    let display = Display { text, html, markdown, cut };
    // Outside of runs nobody looks.
    let _ = with_current(|run, _| run.active.display(display));
}

pub(super) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(write_stdout, module)?)?;
    module.add_function(wrap_pyfunction!(write_stderr, module)?)?;
    module.add_function(wrap_pyfunction!(print_stdout, module)?)?;
    module.add_function(wrap_pyfunction!(print_stderr, module)?)?;
    module.add_function(wrap_pyfunction!(write_bytes, module)?)?;
    module.add_function(wrap_pyfunction!(redirection, module)?)?;
    module.add_function(wrap_pyfunction!(redirect, module)?)?;
    module.add_function(wrap_pyfunction!(warn, module)?)?;
    module.add_function(wrap_pyfunction!(show, module)?)
}
