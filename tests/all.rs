//! The one test program; every module is a promise or a part.

mod architecture;
mod cli;
mod exceptions;
mod interpreters;
mod library;
mod output;
mod own_process;
mod pages;
mod queueing;
mod stopping;
