//! Why a package could not be had, and how to tell from what `uv` prints.

use std::{io, time::Duration};

use thiserror::Error;

use super::distribution::Distribution;

/// Longest part of the installer's own words in a reason.
const MAX_DETAIL_BYTES: usize = 300;

/// Why a package was not installed. Whatever the variant, the owner's folder is as it was before.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum Failure {
    #[error("It is on the deny list: {0}.")]
    Denied(&'static str),
    #[error("It needs {name}, which is on the deny list.")]
    NeedsDenied { name: String },
    #[error("It is not on the list of approved packages, and only those are installed here.")]
    NotApproved,
    #[error("Installing packages is switched off.")]
    SwitchedOff,
    #[error("The module belongs to Python's standard library, but this Python is without it.")]
    StandardLibrary,
    #[error("It is a base package, {version}, which is not installed a second time.")]
    InBase { version: String },
    #[error("Many packages share this name; import the part that is needed by its full name.")]
    Namespace,
    #[error("It is not a name that a package can have.")]
    Unusable,
    #[error("More than {limit} packages were asked for at once.")]
    TooMany { limit: usize },
    #[error("There is no package of this name in the index.")]
    NotInIndex,
    #[error("It has no wheel for this Python and system, and packages are not built from source here.")]
    NoWheel,
    #[error("It needs other versions of base packages than the ones here: {0}.")]
    BaseConflict(String),
    #[error("It cannot be installed together with {others}: {detail}.")]
    Conflict { others: String, detail: String },
    #[error("The package index cannot be reached: {0}.")]
    Unreachable(String),
    #[error("The package index does not give it away: {0}.")]
    Refused(String),
    #[error("Installing it took longer than {} s, which is the limit.", .0.as_secs())]
    TimedOut(Duration),
    #[error("With it, the installed packages would be larger than {} MB, which is the limit.", .0 / 1024 / 1024)]
    TooLarge(u64),
    #[error("The disk is too full to install it.")]
    DiskFull,
    #[error("The run was cancelled while it was being installed.")]
    Cancelled,
    #[error("The installer could not be started ({0}). Run `make venv` to set up Python's environment.")]
    NoInstaller(String),
    #[error("The folder for packages cannot be used: {0}.")]
    Folder(String),
    #[error("It could not be installed: {0}.")]
    Other(String),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Folder(error.to_string()),
        }
    }
}

impl Failure {
    /// Whether asking again for fewer packages is pointless.
    pub(super) fn ends_all(&self) -> bool {
        matches!(
            self,
            Self::Unreachable(_)
                | Self::TimedOut(_)
                | Self::DiskFull
                | Self::Cancelled
                | Self::NoInstaller(_)
                | Self::Folder(_)
        )
    }

    /// Whether other versions of what the owner has already might help.
    pub(super) fn is_conflict(&self) -> bool {
        matches!(self, Self::BaseConflict(_) | Self::NoWheel | Self::Other(_))
    }

    /// Reads what `uv` wrote to standard error when it could not find or fetch these packages.
    pub(super) fn from_uv(wanted: &[&str], base: &[Distribution], stderr: &str) -> Self {
        let causes = causes(stderr);
        let last = causes.last().copied().unwrap_or("no reason was given");
        let text = causes.join(" ");
        if let Some(status) = causes.iter().find(|line| line.contains("HTTP status")) {
            return Self::Refused(cut(status));
        }
        if is_network(&text) {
            return Self::Unreachable(if stderr.contains("network was disabled") {
                "the network is switched off".into()
            } else {
                cut(last)
            });
        }
        if text.contains("No space left on device") {
            return Self::DiskFull;
        }
        if wanted.iter().any(|name| text.contains(&format!("{name} was not found in the"))) {
            return Self::NotInIndex;
        }
        if wanted.iter().any(|name| is_without_wheels(&text, name)) {
            return Self::NoWheel;
        }
        if let Some(conflict) = base_conflict(&causes, base) {
            return Self::BaseConflict(conflict);
        }
        if text.contains("no usable wheels") || text.contains("no wheels with") || text.contains("Python version") {
            return Self::NoWheel;
        }
        Self::Other(cut(causes.get(1).copied().unwrap_or(last)))
    }
}

/// The messages of an error and its causes, outermost first, without the hints.
fn causes(stderr: &str) -> Vec<&str> {
    let lines = stderr.lines().map(str::trim).filter(|line| !line.is_empty());
    let without_hints = lines.take_while(|line| !line.starts_with("hint:"));
    let start = |line: &&str| !line.starts_with("warning:");
    without_hints
        .filter(start)
        .map(|line| line.trim_start_matches("error: ").trim_start_matches("cause: ").trim_end_matches('.'))
        .collect()
}

fn is_network(text: &str) -> bool {
    let signs = [
        "Failed to fetch",
        "Failed to download",
        "error sending request",
        "dns error",
        "network was disabled",
        "was not found in the cache",
    ];
    signs.iter().any(|sign| text.contains(sign))
}

/// Whether `name` itself, not something it needs, lacks wheels.
fn is_without_wheels(text: &str, name: &str) -> bool {
    ["no usable wheels", "no wheels with"].iter().any(|lack| {
        text.match_indices(lack).any(|(end, _)| {
            let before = text[..end].trim_end_matches(" have ").trim_end_matches(" has ");
            let subject = before.rsplit(' ').next().unwrap_or_default();
            subject == name || subject.strip_prefix(name).is_some_and(|rest| rest.starts_with(['=', '<', '>']))
        })
    })
}

/// The sentence in which a requirement meets the version of a base package.
fn base_conflict(causes: &[&str], base: &[Distribution]) -> Option<String> {
    let pins = base.iter().map(Distribution::to_string);
    let pins: Vec<_> = pins.filter(|pin| causes.iter().any(|line| mentions(line, pin))).collect();
    let line = causes.iter().find(|line| pins.iter().any(|pin| mentions(line, pin)))?;
    let reason = line.trim_start_matches("And because ").trim_start_matches("Because ");
    Some(cut(reason.split(", we can conclude").next().unwrap_or(reason)))
}

fn mentions(line: &str, pin: &str) -> bool {
    line.split([' ', ',']).any(|word| word == pin)
}

fn cut(text: &str) -> String {
    if text.len() <= MAX_DETAIL_BYTES {
        return text.to_owned();
    }
    let end = (0..=MAX_DETAIL_BYTES).rev().find(|index| text.is_char_boundary(*index)).unwrap_or(0);
    format!("{}…", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(wanted: &[&str], stderr: &str) -> Failure {
        let base = ["numpy==2.4.6", "pandas==3.1.1"].map(|pin| Distribution::parse(pin).expect("a pin"));
        Failure::from_uv(wanted, &base, stderr)
    }

    fn unsatisfiable(cause: &str) -> String {
        format!("error: No solution found when resolving dependencies\n  cause: {cause}\n")
    }

    #[test]
    fn an_unknown_name_is_told_from_one_without_wheels() {
        let unknown = unsatisfiable(
            "Because qqxx was not found in the package registry and you require qqxx, we can conclude that your requirements are unsatisfiable.",
        );
        assert_eq!(read(&["cowsay", "qqxx"], &unknown), Failure::NotInIndex);
        let bare = unsatisfiable(
            "Because all versions of pyaudio have no usable wheels and you require pyaudio, we can conclude that your requirements are unsatisfiable.",
        );
        assert_eq!(read(&["pyaudio"], &bare), Failure::NoWheel);
        let version = unsatisfiable("Because numba==0.56.4 has no usable wheels and you require numba==0.56.4, …");
        assert_eq!(read(&["numba"], &version), Failure::NoWheel);
    }

    #[test]
    fn a_requirement_against_a_base_version_is_named() {
        let stderr = unsatisfiable(
            "Because numba==0.60.0 depends on numpy>=1.22,<2.1 and numpy==2.4.6, we can conclude that numba==0.60.0 cannot be used.\n         And because you require numba, we can conclude that your requirements are unsatisfiable.",
        );
        let conflict = "numba==0.60.0 depends on numpy>=1.22,<2.1 and numpy==2.4.6";
        assert_eq!(read(&["numba"], &stderr), Failure::BaseConflict(conflict.into()));
    }

    #[test]
    fn a_dependency_without_wheels_is_a_conflict_only_when_a_base_version_is_named() {
        let stderr =
            unsatisfiable("Because all versions of htmlmin have no usable wheels and report depends on htmlmin, …");
        assert_eq!(read(&["report"], &stderr), Failure::NoWheel);
    }

    #[test]
    fn an_index_that_cannot_be_reached_is_told_with_the_last_cause() {
        let refused = "error: Request failed after 3 retries in 9.3s\n  cause: Failed to fetch: http://127.0.0.1:9/simple/emoji/\n  cause: tcp connect error\n  cause: Connection refused (os error 111)\n";
        assert_eq!(read(&["emoji"], refused), Failure::Unreachable("Connection refused (os error 111)".into()));
        let offline = unsatisfiable("Because emoji was not found in the cache and you require emoji, …")
            + "\nhint: Packages were unavailable because the network was disabled.";
        assert_eq!(read(&["emoji"], &offline), Failure::Unreachable("the network is switched off".into()));
    }

    #[test]
    fn an_index_that_refuses_one_package_may_have_others() {
        let stderr = "error: Failed to fetch: http://index/simple/emoji/\n  cause: HTTP status server error (500 Internal Server Error) for url (http://index/simple/emoji/)\n";
        let failure = read(&["emoji"], stderr);
        assert!(matches!(&failure, Failure::Refused(status) if status.starts_with("HTTP status server error (500")));
        assert!(!failure.ends_all());
    }

    #[test]
    fn words_of_the_installer_are_cut() {
        let long = format!("error: {}\n", "é".repeat(400));
        let Failure::Other(detail) = read(&["emoji"], &long) else { panic!("another failure") };
        assert!(detail.len() <= MAX_DETAIL_BYTES + '…'.len_utf8());
    }

    #[test]
    fn limits_are_named_in_units_people_use() {
        let sentence = Failure::TooLarge(500 * 1024 * 1024).to_string();
        assert_eq!(sentence, "With it, the installed packages would be larger than 500 MB, which is the limit.");
        assert_eq!(
            Failure::TimedOut(Duration::from_secs(120)).to_string(),
            "Installing it took longer than 120 s, which is the limit."
        );
    }
}
