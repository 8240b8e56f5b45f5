//! What the interpreter promises to whoever gives it code.

mod abuse;
mod display;
mod generated_files;
mod hygiene;
mod load_file;
mod packages_installing;
mod queueing;
mod running;
