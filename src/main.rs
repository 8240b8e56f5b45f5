//! The program `taipan`.

use std::process::ExitCode;

use clap::Parser;
use taipan::cli::{self, Arguments};

fn main() -> ExitCode {
    taipan::sandbox::init();
    let arguments = Arguments::parse();
    cli::finish(cli::execute(arguments))
}
