//! The ways to run a snippet that are compared. Each asserts what the snippet comes to.

use std::{ffi::CString, fs, path::PathBuf, process::Command, sync::OnceLock};

use pyo3::{prelude::*, types::PyDict};
use taipan::{Interpreter, Isolation, Request};
use tokio::runtime::{Builder, Runtime};

use crate::snippets::Snippet;

/// Everything needed to run a snippet in any way.
pub(crate) struct Ways {
    pub(crate) runtime: Runtime,
    pub(crate) interpreter: Interpreter,
    /// The same in sandboxes.
    pub(crate) sandboxed: Interpreter,
    bare: Bare,
}

/// Python as somebody would embed it without Taipan: warm, with output into a list.
struct Bare {
    folder: tempfile::TempDir,
    output: Py<PyAny>,
    original: Py<PyAny>,
}

const SINK: &str = "
class Sink:
    def __init__(self): self.parts = []
    def write(self, text): self.parts.append(text); return len(text)
    def flush(self): pass
    def take(self): text = ''.join(self.parts); self.parts.clear(); return text
sink = Sink()
";

impl Ways {
    /// The one set-up of this process.
    pub(crate) fn get() -> &'static Self {
        static WAYS: OnceLock<Ways> = OnceLock::new();
        WAYS.get_or_init(|| {
            let settings = || Interpreter::builder().workers(2).preload(["numpy", "pandas", "matplotlib.pyplot"]);
            let interpreter = settings().queue_capacity(2048).build().expect("the environment is there (`make venv`)");
            let sandboxed = settings().isolation(Isolation::Process).build().expect("this machine gives sandboxes");
            let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
            Self { runtime, interpreter, sandboxed, bare: Bare::new() }
        })
    }

    /// Compile and execute in bare PyO3.
    pub(crate) fn bare(&self, snippet: &Snippet) {
        self.bare.run(snippet);
    }

    /// A new process of the environment's Python.
    pub(crate) fn process(&self, snippet: &Snippet) {
        let folder = tempfile::tempdir().expect("a folder");
        let python = self.interpreter.status().python_path;
        let output = Command::new(python)
            .args(["-c", snippet.code])
            .env("MPLBACKEND", "agg")
            .current_dir(folder.path())
            .output()
            .expect("python starts");
        assert_eq!(String::from_utf8_lossy(&output.stdout), snippet.output);
        assert!(snippet.file.is_none_or(|file| folder.path().join(file).exists()));
    }
}

/// One run, checked.
pub(crate) async fn run_once(interpreter: &Interpreter, request: Request, snippet: &Snippet) {
    let outcome = interpreter.execute(request).await.expect("it runs");
    assert!(outcome.success(), "{:?}", outcome.ending);
    assert_eq!(outcome.stdout, snippet.output);
    assert_eq!(outcome.generated_files.first().map(|file| file.name.as_str()), snippet.file);
}

impl Bare {
    fn new() -> Self {
        Python::attach(|py| {
            let names = PyDict::new(py);
            let code = CString::new(SINK).expect("no NUL");
            py.run(&code, Some(&names), None).expect("the sink");
            let output = names.get_item("sink").expect("a dict").expect("the sink").unbind();
            let original = py.import("sys").and_then(|sys| sys.getattr("stdout")).expect("a stream").unbind();
            Self { folder: tempfile::tempdir().expect("a folder"), output, original }
        })
    }

    fn run(&self, snippet: &Snippet) {
        let path: PathBuf = self.folder.path().into();
        Python::attach(|py| {
            let sys = py.import("sys").expect("sys");
            sys.setattr("stdout", &self.output).expect("settable");
            std::env::set_current_dir(&path).expect("the folder");
            let code = CString::new(snippet.code).expect("no NUL");
            let names = PyDict::new(py);
            let result = py.run(&code, Some(&names), None);
            sys.setattr("stdout", &self.original).expect("settable");
            result.expect("the snippet runs");
            let output: String = self.output.call_method0(py, "take").and_then(|text| text.extract(py)).expect("text");
            assert_eq!(output, snippet.output);
        });
        if let Some(file) = snippet.file {
            fs::remove_file(path.join(file)).expect("the snippet's file");
        }
    }
}
