//! The one test program; every module is a promise or a part.

mod cli;
mod display;
mod generated_files;
mod interpreters;
mod load_file;
mod packages_installing;
