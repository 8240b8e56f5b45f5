//! Embeds the Python sources of `python/taipan_runtime` and tells the linker where libpython lies.

#![expect(clippy::expect_used, clippy::panic, reason = "a build script that panics says why the build fails")]
#![expect(clippy::disallowed_methods, reason = "the variables through which cargo talks to build scripts")]

use std::{
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

fn main() {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let runtime = manifest.join("python/taipan_runtime");
    println!("cargo:rerun-if-changed={}", runtime.display());

    let mut modules = Vec::new();
    collect(&runtime, "taipan_runtime", &mut modules);
    modules.sort();
    let mut table = String::from("&[\n");
    for (name, path, is_package) in &modules {
        writeln!(table, "    Source {{ name: {name:?}, is_package: {is_package}, text: include_str!({path:?}) }},")
            .expect("writing to a string");
    }
    table.push(']');
    fs::write(out.join("runtime_sources.rs"), table).expect("OUT_DIR is writable");

    // Which version of Python this is, for the few places that differ by it.
    pyo3_build_config::use_pyo3_cfgs();

    // Python outside the linker's default folders (pyenv, /opt) is found by an rpath.
    pyo3_build_config::add_libpython_rpath_link_args();
    let python = pyo3_build_config::get();
    let executable = python.executable().unwrap_or_default();
    println!("cargo:rustc-env=TAIPAN_BUILD_PYTHON={executable}");
    println!("cargo:rustc-env=TAIPAN_BUILD_PYTHON_VERSION={}", python.version());
}

fn collect(folder: &Path, package: &str, modules: &mut Vec<(String, String, bool)>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.expect("the folder is readable").path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = path.display().to_string();
        if path.is_dir() && path.join("__init__.py").exists() {
            collect(&path, &format!("{package}.{stem}"), modules);
        } else if path.extension().is_some_and(|extension| extension == "py") {
            let is_package = stem == "__init__";
            let name = if is_package { package.to_owned() } else { format!("{package}.{stem}") };
            modules.push((name, text, is_package));
        }
    }
}
