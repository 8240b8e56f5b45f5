//! The list of settings: names, defaults, what is allowed, and what each means.

use super::discord::{
    ADMIN_ID, ALLOWED_CHANNELS, ALLOWED_GUILDS, ALLOWED_ROLES, ALLOWED_USERS, DENIED_CHANNELS, DENIED_GUILDS,
    DENIED_ROLES, DENIED_USERS, DISCORD_MESSAGE_CONTENT, DISCORD_SHARDS, DISCORD_TOKEN,
};

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
    /// Who may see its value.
    pub visibility: Visibility,
}

/// Who may see a setting's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Anybody.
    Open,
    /// Nobody: it is, or may hold, a password. It is never shown, and taken out of the environment once read.
    Secret,
}

pub(super) const TAIPAN_VENV: Setting = Setting {
    name: "TAIPAN_VENV",
    default: "",
    allowed: "the path of a virtual environment",
    meaning: "The Python environment that code runs in. Not set: the one this program was built with (`make venv`).",
    visibility: Visibility::Open,
};

pub(super) const WORKERS: Setting = Setting {
    name: "WORKERS",
    default: "",
    allowed: "a whole number from 1 to 256",
    meaning: "How many runs go on at once. Not set: one for each core; `taipan run` starts one.",
    visibility: Visibility::Open,
};

pub(super) const ISOLATION: Setting = Setting {
    name: "ISOLATION",
    default: "thread",
    allowed: "`thread` or `process`",
    meaning: "Where code runs: in this process, for your own code, or in a sandbox of its own, for other people's.",
    visibility: Visibility::Open,
};

pub(super) const SANDBOX_NETWORK: Setting = Setting {
    name: "SANDBOX_NETWORK",
    default: "off",
    allowed: "`off` or `on`",
    meaning: "Whether code in a sandbox may connect outward; never to this machine or to private addresses.",
    visibility: Visibility::Open,
};

pub(super) const SANDBOX_REQUIRE: Setting = Setting {
    name: "SANDBOX_REQUIRE",
    default: "namespaces,seccomp,rlimits",
    allowed: "layers with commas between them, out of namespaces, landlock, seccomp, rlimits, environment, \
              descriptors, memory and workspace",
    meaning: "The layers of protection without which no sandbox starts. Namespaces are needed in any case.",
    visibility: Visibility::Open,
};

pub(super) const AUTO_INSTALL: Setting = Setting {
    name: "AUTO_INSTALL",
    default: "any",
    allowed: "`any`, `approved` or `off`",
    meaning: "Which missing packages are installed when code imports them: any, only well-known ones, or none.",
    visibility: Visibility::Open,
};

pub(super) const DATA_DIR: Setting = Setting {
    name: "DATA_DIR",
    default: "./data",
    allowed: "the path of a folder",
    meaning: "The folder for what lasts: users' files, the catalog, installed packages. It is made when it is needed.",
    visibility: Visibility::Open,
};

pub(super) const CODE_EXECUTION_TIMEOUT: Setting = Setting {
    name: "CODE_EXECUTION_TIMEOUT",
    default: "60",
    allowed: "a number of seconds above 0 and at most 300, such as 60 or 0.5",
    meaning: "How many seconds code may run, without queueing and installing, where a run does not say otherwise.",
    visibility: Visibility::Open,
};

pub(super) const MEMORY_LIMIT_MB: Setting = Setting {
    name: "MEMORY_LIMIT_MB",
    default: "1024",
    allowed: "a whole number of MB from 16 up to the memory of this machine",
    meaning: "How much memory a run may take in a sandbox, in MB. Its files come on top, since they lie in memory too.",
    visibility: Visibility::Open,
};

pub(super) const MAX_OUTPUT_KB: Setting = Setting {
    name: "MAX_OUTPUT_KB",
    default: "100",
    allowed: "a whole number of KB from 1 to 10240",
    meaning: "How much output of a run is shown, in KB of 1024 bytes. What follows goes to the file output.txt.",
    visibility: Visibility::Open,
};

pub(super) const MAX_WORKSPACE_MB: Setting = Setting {
    name: "MAX_WORKSPACE_MB",
    default: "500",
    allowed: "a whole number of MB from 1 to 1048576",
    meaning: "How much the files of one run may take together, in MB.",
    visibility: Visibility::Open,
};

pub(super) const MAX_FILE_SIZE_MB: Setting = Setting {
    name: "MAX_FILE_SIZE_MB",
    default: "50",
    allowed: "a whole number of MB from 1 to 1048576",
    meaning: "How large a file given to a run may be, in MB.",
    visibility: Visibility::Open,
};

pub(super) const MAX_RUNS_PER_USER: Setting = Setting {
    name: "MAX_RUNS_PER_USER",
    default: "1",
    allowed: "a whole number from 1 to 256",
    meaning: "How many runs of one user go on at a time; the others wait.",
    visibility: Visibility::Open,
};

pub(super) const SESSION_IDLE_MINUTES: Setting = Setting {
    name: "SESSION_IDLE_MINUTES",
    default: "30",
    allowed: "a whole number of minutes from 1 to 1440",
    meaning: "After how many minutes without a run a session ends, and its variables with it.",
    visibility: Visibility::Open,
};

pub(super) const DATABASE_URL: Setting = Setting {
    name: "DATABASE_URL",
    default: "",
    allowed: "`sqlite:` with a path, or a `mongodb://` or `mongodb+srv://` address",
    meaning: "The database of files, conversations and usage. Not set: the file catalog.sqlite3 in DATA_DIR.",
    visibility: Visibility::Secret,
};

pub(super) const MONGODB_URI: Setting = Setting {
    name: "MONGODB_URI",
    default: "",
    allowed: "a `mongodb://` or `mongodb+srv://` address, where DATABASE_URL is not set",
    meaning: "A MongoDB server to use as the database; another way to say DATABASE_URL.",
    visibility: Visibility::Secret,
};

pub(super) const FILE_EXPIRATION_HOURS: Setting = Setting {
    name: "FILE_EXPIRATION_HOURS",
    default: "48",
    allowed: "a number of hours above 0 and at most 876000, such as 48 or 0.1, or -1 for ever",
    meaning: "How many hours uploaded and generated files are kept; -1 keeps them for ever.",
    visibility: Visibility::Open,
};

pub(super) const MAX_FILES_PER_USER: Setting = Setting {
    name: "MAX_FILES_PER_USER",
    default: "20",
    allowed: "a whole number from 1 to 100000",
    meaning: "How many files a user may have; one more removes the oldest.",
    visibility: Visibility::Open,
};

pub(super) const TIMEZONE: Setting = Setting {
    name: "TIMEZONE",
    default: "UTC",
    allowed: "the name of a time zone, such as UTC or Europe/Berlin",
    meaning: "The time zone in which dates are shown.",
    visibility: Visibility::Open,
};

pub(super) const OPENAI_API_KEY: Setting = Setting {
    name: "OPENAI_API_KEY",
    default: "",
    allowed: "the key that the model endpoint asks for",
    meaning: "The key of the model endpoint; servers of your own often need none.",
    visibility: Visibility::Secret,
};

pub(super) const OPENAI_BASE_URL: Setting = Setting {
    name: "OPENAI_BASE_URL",
    default: "https://api.openai.com/v1",
    allowed: "an http:// or https:// address, such as http://localhost:11434/v1",
    meaning: "Where the language model is asked: any endpoint that speaks as OpenAI's do.",
    visibility: Visibility::Open,
};

pub(super) const OPENAI_MODEL: Setting = Setting {
    name: "OPENAI_MODEL",
    default: "gpt-4o-mini",
    allowed: "the name of a model; others that users may choose follow after commas",
    meaning: "Which model answers, and after commas which others users may choose.",
    visibility: Visibility::Open,
};

pub(super) const MAX_TOOL_ROUNDS: Setting = Setting {
    name: "MAX_TOOL_ROUNDS",
    default: "6",
    allowed: "a whole number from 1 to 50",
    meaning: "How often the assistant may run code for one message.",
    visibility: Visibility::Open,
};

pub(super) const PRICES_FILE: Setting = Setting {
    name: "PRICES_FILE",
    default: "",
    allowed: "the path of a file like src/chat/tokens/prices.toml",
    meaning: "What models cost. Not set: the prices that came with this version.",
    visibility: Visibility::Open,
};

pub(super) const DAILY_MESSAGES: Setting = Setting {
    name: "DAILY_MESSAGES",
    default: "",
    allowed: "a whole number of at least 1",
    meaning: "How many messages of a user the assistant answers in a day. Not set: any number.",
    visibility: Visibility::Open,
};

pub(super) const DAILY_RUNS: Setting = Setting {
    name: "DAILY_RUNS",
    default: "",
    allowed: "a whole number of at least 1",
    meaning: "How many runs of code a user may have in a day. Not set: any number.",
    visibility: Visibility::Open,
};

pub(super) const DAILY_TOKENS: Setting = Setting {
    name: "DAILY_TOKENS",
    default: "",
    allowed: "a whole number of at least 1",
    meaning: "How many tokens a user may use up in a day. Not set: any number.",
    visibility: Visibility::Open,
};

pub(super) const DAILY_COST_USD: Setting = Setting {
    name: "DAILY_COST_USD",
    default: "",
    allowed: "an amount in US dollars above 0, such as 0.50",
    meaning: "How much money a user may use up in a day. Not set: any amount.",
    visibility: Visibility::Open,
};

pub(super) const HTTP_ADDRESS: Setting = Setting {
    name: "HTTP_ADDRESS",
    default: "127.0.0.1:8080",
    allowed: "an IP address with a port, such as 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080",
    meaning: "Where `taipan serve` listens. Other machines reach it only once `taipan keys add` has made a key.",
    visibility: Visibility::Open,
};

pub(super) const HTTP_CORS_ORIGINS: Setting = Setting {
    name: "HTTP_CORS_ORIGINS",
    default: "",
    allowed: "origins with commas between them, such as https://chat.example.org",
    meaning: "Web pages of which origins may use `taipan serve` from a browser. Not set: only its own page.",
    visibility: Visibility::Open,
};

pub(super) const HTTP_REQUESTS_PER_MINUTE: Setting = Setting {
    name: "HTTP_REQUESTS_PER_MINUTE",
    default: "1200",
    allowed: "a whole number from 1 to 1000000",
    meaning: "How many requests a user may send to `taipan serve` in a minute.",
    visibility: Visibility::Open,
};

/// By default without what the watcher of folders warns of: runs' folders go away while it watches them.
pub(super) const LOG: Setting = Setting {
    name: "LOG",
    default: "warn,notify=error",
    allowed: "a level (off, error, warn, info, debug or trace) or parts with levels, such as warn,taipan=debug",
    meaning: "What is logged to standard error.",
    visibility: Visibility::Open,
};

pub(super) const LOG_FORMAT: Setting = Setting {
    name: "LOG_FORMAT",
    default: "text",
    allowed: "`text` or `json`",
    meaning: "The form of the log: lines for people, or one JSON document a line.",
    visibility: Visibility::Open,
};

/// Every setting there is, in the order of `.env.example`.
pub const ALL: [Setting; 45] = [
    TAIPAN_VENV,
    WORKERS,
    ISOLATION,
    SANDBOX_NETWORK,
    SANDBOX_REQUIRE,
    AUTO_INSTALL,
    DATA_DIR,
    DATABASE_URL,
    MONGODB_URI,
    FILE_EXPIRATION_HOURS,
    MAX_FILES_PER_USER,
    TIMEZONE,
    CODE_EXECUTION_TIMEOUT,
    MEMORY_LIMIT_MB,
    MAX_OUTPUT_KB,
    MAX_WORKSPACE_MB,
    MAX_FILE_SIZE_MB,
    MAX_RUNS_PER_USER,
    SESSION_IDLE_MINUTES,
    OPENAI_API_KEY,
    OPENAI_BASE_URL,
    OPENAI_MODEL,
    MAX_TOOL_ROUNDS,
    PRICES_FILE,
    DAILY_MESSAGES,
    DAILY_RUNS,
    DAILY_TOKENS,
    DAILY_COST_USD,
    DISCORD_TOKEN,
    ADMIN_ID,
    ALLOWED_USERS,
    DENIED_USERS,
    ALLOWED_ROLES,
    DENIED_ROLES,
    ALLOWED_GUILDS,
    DENIED_GUILDS,
    ALLOWED_CHANNELS,
    DENIED_CHANNELS,
    DISCORD_MESSAGE_CONTENT,
    DISCORD_SHARDS,
    HTTP_ADDRESS,
    HTTP_CORS_ORIGINS,
    HTTP_REQUESTS_PER_MINUTE,
    LOG,
    LOG_FORMAT,
];
