//! The list of settings: names, defaults, what is allowed, and what each means.

/// One setting, as `.env.example` explains it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The variable's name.
    pub name: &'static str,
    /// Its value where nobody sets it, as text; empty where the program finds the value out by itself.
    pub default: &'static str,
    /// What may be given, as the end of the sentence "it must be …".
    pub allowed: &'static str,
    /// What it means, in one or two sentences.
    pub meaning: &'static str,
}

pub(super) const TAIPAN_VENV: Setting = Setting {
    name: "TAIPAN_VENV",
    default: "",
    allowed: "the path of a virtual environment",
    meaning: "The Python environment that code runs in. Not set: the one this program was built with (`make venv`).",
};

pub(super) const WORKERS: Setting = Setting {
    name: "WORKERS",
    default: "",
    allowed: "a whole number from 1 to 256",
    meaning: "How many runs go on at once. Not set: one for each core; `taipan run` starts one.",
};

pub(super) const ISOLATION: Setting = Setting {
    name: "ISOLATION",
    default: "thread",
    allowed: "`thread` or `process`",
    meaning: "Where code runs: in this process, for your own code, or in a sandbox of its own, for other people's.",
};

pub(super) const AUTO_INSTALL: Setting = Setting {
    name: "AUTO_INSTALL",
    default: "any",
    allowed: "`any`, `approved` or `off`",
    meaning: "Which missing packages are installed when code imports them: any, only well-known ones, or none.",
};

pub(super) const DATA_DIR: Setting = Setting {
    name: "DATA_DIR",
    default: "./data",
    allowed: "the path of a folder",
    meaning: "The folder for what lasts, such as packages installed on import. It is made when it is needed.",
};

pub(super) const CODE_EXECUTION_TIMEOUT: Setting = Setting {
    name: "CODE_EXECUTION_TIMEOUT",
    default: "60",
    allowed: "a number of seconds above 0 and at most 300, such as 60 or 0.5",
    meaning: "How many seconds code may run, without queueing and installing, where a run does not say otherwise.",
};

pub(super) const MAX_OUTPUT_KB: Setting = Setting {
    name: "MAX_OUTPUT_KB",
    default: "100",
    allowed: "a whole number of KB from 1 to 10240",
    meaning: "How much output of a run is shown, in KB of 1024 bytes. What follows goes to the file output.txt.",
};

pub(super) const MAX_WORKSPACE_MB: Setting = Setting {
    name: "MAX_WORKSPACE_MB",
    default: "500",
    allowed: "a whole number of MB from 1 to 1048576",
    meaning: "How much the files of one run may take together, in MB.",
};

pub(super) const MAX_FILE_SIZE_MB: Setting = Setting {
    name: "MAX_FILE_SIZE_MB",
    default: "50",
    allowed: "a whole number of MB from 1 to 1048576",
    meaning: "How large a file given to a run may be, in MB.",
};

/// By default without what the watcher of folders warns of: runs' folders go away while it watches them.
pub(super) const LOG: Setting = Setting {
    name: "LOG",
    default: "warn,notify=error",
    allowed: "a level (off, error, warn, info, debug or trace) or parts with levels, such as warn,taipan=debug",
    meaning: "What is logged to standard error.",
};

pub(super) const LOG_FORMAT: Setting = Setting {
    name: "LOG_FORMAT",
    default: "text",
    allowed: "`text` or `json`",
    meaning: "The form of the log: lines for people, or one JSON document a line.",
};

/// Every setting there is, in the order of `.env.example`.
pub const ALL: [Setting; 11] = [
    TAIPAN_VENV,
    WORKERS,
    ISOLATION,
    AUTO_INSTALL,
    DATA_DIR,
    CODE_EXECUTION_TIMEOUT,
    MAX_OUTPUT_KB,
    MAX_WORKSPACE_MB,
    MAX_FILE_SIZE_MB,
    LOG,
    LOG_FORMAT,
];
