//! The interpreter over HTTP, through real sockets.

mod access;
mod bad_input;
mod browser;
mod client;
mod description;
mod events;
mod executions;
mod files;
mod given;
mod page;
mod program;
mod workspaces;
