//! The one test program; every module is a promise or a part.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that panics says what is wrong, its helpers included"
)]
#![expect(clippy::disallowed_methods, reason = "tests hold the threads and tasks they start")]

mod architecture;
mod catalog;
mod chat;
mod cli;
mod discord;
mod executions;
mod files;
mod http;
mod interpreter;
mod interpreters;
mod library;
mod own_process;
