//! Lets the targets find libpython where Taipan does.

fn main() {
    pyo3_build_config::add_libpython_rpath_link_args();
}
