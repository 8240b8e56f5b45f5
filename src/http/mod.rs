//! The interpreter for other programs, over HTTP, and a page to try it.
//!
//! An edge: it translates between HTTP and [`executions`](crate::executions), which decides who may do what.
//!
//! # Layout
//!
//! - `server`: sockets, connections, and their end; `router`: which path leads where; `settings`: what is bounded.
//! - `access`: who asks; `requests`: what happens to every request; `body`: what it brings; `problem`: what is said
//!   when something cannot be done.
//! - `executions`, `files`, `downloads`, `status`: the routes; `metrics`: what is counted.
//! - `page`: what a person sees.

mod access;
mod body;
mod downloads;
mod executions;
mod files;
mod metrics;
mod page;
mod problem;
mod requests;
mod router;
mod server;
mod settings;
mod status;

pub use self::{
    server::{Listening, ServeError, Server},
    settings::Settings,
};
