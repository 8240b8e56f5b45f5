//! Python and the libraries people use work under all layers at once.

use std::{
    env,
    ffi::CString,
    path::{Path, PathBuf},
};

use pyo3::{Python, prelude::*};

use super::{
    super::{
        Layer, Network,
        protections::{
            capabilities, environment,
            landlock::{self, FileRules},
            resource_limits::{self, ResourceLimits},
            seccomp::{self, Filters},
        },
    },
    own_child::{Told, alone, in_force},
};

/// Each function is one check; its name is told when it fails.
const CHECKS: &str = include_str!("python_libraries.py");

/// Everything is imported behind the lock, which is harder than the sandboxes' own way: theirs are imported before.
#[test]
fn python_and_its_libraries_work_when_locked_in() {
    alone(|| {
        let folder = tempfile::tempdir()?;
        env::set_current_dir(folder.path())?;
        if lock_in(folder.path())? { run_checks() } else { Ok(()) }
    });
}

fn lock_in(folder: &Path) -> Result<bool, Box<dyn std::error::Error>> {
    let (limits, variables) = (ResourceLimits::default(), environment::zygote_environment("UTC"));
    resource_limits::apply(&limits)?;
    capabilities::drop_all()?;
    environment::replace(&variables)?;
    let rules = FileRules {
        read: [venv().to_owned(), installation()?]
            .into_iter()
            .chain(["/usr", "/etc", "/lib", "/lib64", "/proc", "/sys"].map(PathBuf::from))
            .collect(),
        write: vec![folder.to_owned(), "/tmp".into(), "/dev/shm".into()],
        devices: ["/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"].map(PathBuf::from).to_vec(),
        network: Network::Off,
    };
    if !in_force(Layer::Landlock, landlock::restrict(&rules)) {
        return Ok(false);
    }
    Filters::compile(Network::Off)?.apply()?;
    resource_limits::limit_growth(2 << 30)?;
    seccomp::verify(Network::Off)?;
    resource_limits::verify(&limits)?;
    capabilities::verify()?;
    environment::verify(&variables)?;
    Ok(true)
}

fn run_checks() -> Told {
    Python::initialize();
    Python::attach(|py| -> PyResult<()> {
        let packages = format!("lib/python{}/site-packages", env!("TAIPAN_BUILD_PYTHON_VERSION"));
        py.import("sys")?.getattr("path")?.call_method1("append", (venv().join(packages).as_os_str(),))?;
        py.run(&CString::new(CHECKS)?, None, None)
    })
    .map_err(|error| error.to_string().into())
}

/// The virtual environment that this program was built with.
fn venv() -> &'static Path {
    let python = Path::new(env!("TAIPAN_BUILD_PYTHON"));
    python.parent().and_then(Path::parent).expect("python lies in the folder bin of its environment")
}

/// Where the Python lies that the environment was made from.
fn installation() -> std::io::Result<PathBuf> {
    let python = Path::new(env!("TAIPAN_BUILD_PYTHON")).canonicalize()?;
    Ok(python.parent().and_then(Path::parent).unwrap_or(Path::new("/usr")).to_owned())
}
