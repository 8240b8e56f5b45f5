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

pub(super) const SANDBOX_NETWORK: Setting = Setting {
    name: "SANDBOX_NETWORK",
    default: "off",
    allowed: "`off` or `on`",
    meaning: "Whether code in a sandbox may connect outward; never to this machine or to private addresses.",
};

pub(super) const SANDBOX_REQUIRE: Setting = Setting {
    name: "SANDBOX_REQUIRE",
    default: "namespaces,seccomp,rlimits",
    allowed: "layers with commas between them, out of namespaces, landlock, seccomp, rlimits, environment, \
              descriptors, memory and workspace",
    meaning: "The layers of protection without which no sandbox starts. Namespaces are needed in any case.",
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

pub(super) const MEMORY_LIMIT_MB: Setting = Setting {
    name: "MEMORY_LIMIT_MB",
    default: "1024",
    allowed: "a whole number of MB from 16 up to the memory of this machine",
    meaning: "How much memory a run may take in a sandbox, in MB. Its files come on top, since they lie in memory too.",
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

pub(super) const MAX_RUNS_PER_USER: Setting = Setting {
    name: "MAX_RUNS_PER_USER",
    default: "1",
    allowed: "a whole number from 1 to 256",
    meaning: "How many runs of one user go on at a time; the others wait.",
};

pub(super) const SESSION_IDLE_MINUTES: Setting = Setting {
    name: "SESSION_IDLE_MINUTES",
    default: "30",
    allowed: "a whole number of minutes from 1 to 1440",
    meaning: "After how many minutes without a run a session ends, and its variables with it.",
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
pub const ALL: [Setting; 16] = [
    TAIPAN_VENV,
    WORKERS,
    ISOLATION,
    SANDBOX_NETWORK,
    SANDBOX_REQUIRE,
    AUTO_INSTALL,
    DATA_DIR,
    CODE_EXECUTION_TIMEOUT,
    MEMORY_LIMIT_MB,
    MAX_OUTPUT_KB,
    MAX_WORKSPACE_MB,
    MAX_FILE_SIZE_MB,
    MAX_RUNS_PER_USER,
    SESSION_IDLE_MINUTES,
    LOG,
    LOG_FORMAT,
];
