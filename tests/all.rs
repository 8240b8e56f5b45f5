//! The one test program; every module is a promise or a part.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that panics says what is wrong, its helpers included"
)]
#![expect(clippy::disallowed_methods, reason = "tests hold the threads and tasks they start")]

mod abuse;
mod architecture;
mod cli;
mod display;
mod generated_files;
mod hygiene;
mod interpreters;
mod library;
mod load_file;
mod own_process;
mod packages_installing;
mod queueing;
mod running;
