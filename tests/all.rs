//! The one test program; every module is a promise or a part.

mod cli;
mod display;
mod exceptions;
mod generated_files;
mod interpreters;
mod library;
mod load_file;
mod output;
mod own_process;
mod packages_installing;
mod queueing;
mod stopping;
