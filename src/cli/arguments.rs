//! What can be typed.

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand};

use crate::{
    config,
    identifiers::{LOCAL_USER, UserId},
    interpreter::Isolation,
};

/// Runs Python code at once, and brings back its output, values, pictures and files.
#[derive(Debug, Parser)]
#[command(name = "taipan", version, about)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands of `taipan`.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run Python code and save the files it makes
    Run(Box<RunArguments>),
    /// Type Python and see at once what comes of it, in a sandbox that lives on between inputs
    Repl(ReplArguments),
    /// Ask in words: a language model writes Python, runs it on your files, and answers
    Chat(ChatArguments),
    /// Serve people on Discord; their code runs in sandboxes
    Bot,
    /// Look after the stored files of a user
    Files(FilesArguments),
    /// Serve the interpreter over HTTP, with a page to try it
    Serve(ServeArguments),
    /// Make, list and revoke the keys with which programs use `taipan serve`
    Keys {
        /// What to do with them.
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Show what this machine gives, each layer of the sandbox included, and what is missing
    Doctor(DoctorArguments),
}

/// The arguments of `taipan run`.
#[derive(Debug, Args)]
#[command(override_usage = "taipan run [OPTIONS] [-c CODE | SCRIPT | -] [-- ARGS]")]
#[command(after_help = "Exit code: 0 done, 1 the code raised an exception, 2 wrong use, 3 the interpreter failed, \
124 time limit, 130 cancelled, 137 killed or out of memory (in a sandbox); after sys.exit(n) it is n.")]
pub struct RunArguments {
    /// Let the code open this file with `load_file("NAME")` or `open("NAME")`; may be given several times
    #[arg(long = "file", value_name = "PATH")]
    pub files: Vec<PathBuf>,

    /// Folder for the files the code makes; it is made when there are any
    #[arg(long, value_name = "DIR", default_value = "taipan-out")]
    pub out: PathBuf,

    /// How long the code may run, at most 300 seconds; 0.5 is half a second [default: `CODE_EXECUTION_TIMEOUT`, or 60]
    #[arg(long, value_name = "SECONDS", value_parser = timeout, allow_negative_numbers = true)]
    pub timeout: Option<Duration>,

    /// Where the code runs: `thread` in this process, for code you trust; `process` in a sandbox, for other people's
    /// [default: `ISOLATION`, or thread]
    #[arg(long, value_name = "thread|process", value_parser = isolation)]
    pub isolation: Option<Isolation>,

    /// What `input()` reads: a file, or - for this command's own standard input
    #[arg(long, value_name = "PATH|-")]
    pub stdin: Option<PathBuf>,

    /// Run as this user: the code finds his stored files, and what it makes is stored among them; 0 is whoever sits at
    /// this machine
    #[arg(long, value_name = "ID", allow_negative_numbers = true)]
    pub user: Option<UserId>,

    /// Print one JSON document instead of the output as it comes
    #[arg(long)]
    pub json: bool,

    /// The code itself
    #[arg(short = 'c', value_name = "CODE", allow_hyphen_values = true, conflicts_with = "script")]
    pub code: Option<String>,

    /// A Python file, or - to read the code from standard input
    #[arg(value_name = "SCRIPT|-")]
    pub script: Option<PathBuf>,

    /// What the code finds in `sys.argv[1:]`
    #[arg(last = true, value_name = "ARGS")]
    pub args: Vec<String>,
}

/// The arguments of `taipan repl`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Input that is no terminal is run statement by statement. Exit code: 0 after Ctrl-D, n after \
exit(n), 2 wrong use, 3 there is no sandbox, 130 cancelled; of input that is no terminal that of the first statement \
that failed, as `taipan run` has it.")]
pub struct ReplArguments {
    /// Let the code open this file with `load_file("NAME")` or `open("NAME")`; may be given several times
    #[arg(long = "file", value_name = "PATH")]
    pub files: Vec<PathBuf>,

    /// Folder for the files the code makes; it is made when there are any
    #[arg(long, value_name = "DIR", default_value = "taipan-out")]
    pub out: PathBuf,

    /// How long each input may run, at most 300 seconds; 0.5 is half a second [default: `CODE_EXECUTION_TIMEOUT`, or 60]
    #[arg(long, value_name = "SECONDS", value_parser = timeout, allow_negative_numbers = true)]
    pub timeout: Option<Duration>,
}

/// The arguments of `taipan chat`.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Input that is no terminal is taken line by line, each a message or a command. Exit code: 0 done, \
2 wrong use, 3 there was no answer, 130 cancelled."
)]
pub struct ChatArguments {
    /// Give the assistant this file; may be given several times
    #[arg(long, value_name = "PATH")]
    pub attach: Vec<PathBuf>,

    /// Folder for the files the code makes; it is made when there are any
    #[arg(long, value_name = "DIR", default_value = "taipan-out")]
    pub out: PathBuf,

    /// Where the code runs: `process` in a sandbox, `thread` in this process [default: process]
    #[arg(long, value_name = "thread|process", value_parser = isolation)]
    pub isolation: Option<Isolation>,

    /// Whose files and conversation; 0 is whoever sits at this machine
    #[arg(long, value_name = "ID", default_value_t = LOCAL_USER, allow_negative_numbers = true)]
    pub user: UserId,

    /// Ask this, show the answer, and leave
    #[arg(value_name = "MESSAGE")]
    pub message: Option<String>,
}

/// The arguments of `taipan files`.
#[derive(Clone, Debug, Args)]
pub struct FilesArguments {
    /// Whose files: the number of a Discord account or of a key; 0 is whoever sits at this machine
    #[arg(long, value_name = "ID", global = true, default_value_t = LOCAL_USER, allow_negative_numbers = true)]
    pub user: UserId,

    /// What to do with them.
    #[command(subcommand)]
    pub command: FilesCommand,
}

/// What `taipan files` does.
#[derive(Clone, Debug, Subcommand)]
pub enum FilesCommand {
    /// List them, the oldest first
    List {
        /// Print a JSON document instead of a table
        #[arg(long)]
        json: bool,
    },
    /// Store files of this machine; code opens them with `load_file("NAME")`
    Add {
        /// The files
        #[arg(value_name = "PATH", required = true)]
        paths: Vec<PathBuf>,
    },
    /// Copy a stored file to a folder
    Get {
        /// Its id, or its name where only one file has it
        #[arg(value_name = "ID|NAME")]
        file: String,

        /// The folder, or - for standard output
        #[arg(long, value_name = "DIR|-", default_value = ".")]
        out: PathBuf,
    },
    /// Delete files
    Rm {
        /// Their ids, or names that only one file has
        #[arg(value_name = "ID|NAME", required_unless_present = "all", conflicts_with = "all")]
        files: Vec<String>,

        /// All files of the user
        #[arg(long)]
        all: bool,
    },
}

/// The arguments of `taipan serve`.
#[derive(Clone, Copy, Debug, Args)]
#[command(
    after_help = "Without keys it serves whoever sits at this machine, and no other. Exit code: 0 after SIGTERM \
or Ctrl-C, 2 wrong use, 3 it could not be started."
)]
pub struct ServeArguments {
    /// Where the code runs: `process` in a sandbox, `thread` in this process [default: process]
    #[arg(long, value_name = "thread|process", value_parser = isolation)]
    pub isolation: Option<Isolation>,
}

/// What `taipan keys` does.
#[derive(Clone, Debug, Subcommand)]
pub enum KeysCommand {
    /// Make a key, and show it this once
    Add {
        /// What it is for
        #[arg(value_name = "LABEL", default_value = "")]
        label: String,

        /// Whose runs and files it leads to; without it those of a new user
        #[arg(long, value_name = "ID", allow_negative_numbers = true)]
        user: Option<UserId>,
    },
    /// List them, the oldest first
    List,
    /// Revoke keys: from then on they open nothing
    Revoke {
        /// Their ids, as `taipan keys list` shows them
        #[arg(value_name = "KEY", required = true)]
        keys: Vec<String>,
    },
}

/// The arguments of `taipan doctor`.
#[derive(Clone, Copy, Debug, Args)]
pub struct DoctorArguments {
    /// Ask neither the package index nor the language model
    #[arg(long)]
    pub offline: bool,
}

fn timeout(text: &str) -> Result<Duration, String> {
    config::parse_timeout(text).ok_or_else(|| format!("it must be {}", config::TIMEOUT_ALLOWED))
}

fn isolation(text: &str) -> Result<Isolation, String> {
    config::parse_isolation(text).ok_or_else(|| format!("it must be {}", config::ISOLATION_ALLOWED))
}
