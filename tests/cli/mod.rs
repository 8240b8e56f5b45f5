//! What a person types and sees, tested with the program itself.

mod doctor;
mod exit_codes;
mod files;
mod json;
mod machines;
mod output;
pub(crate) mod program;
mod repl;
mod settings;
mod stopping;
mod stored_files;
pub(crate) mod terminal;
mod wrong_use;
