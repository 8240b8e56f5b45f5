//! Distributions with their versions, as they stand in a folder of packages.

use std::{
    collections::BTreeSet,
    fmt, fs, io,
    path::{Component, Path, PathBuf},
};

use super::names::normalise;

/// A distribution in one version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Distribution {
    /// Its name as the index compares it.
    pub(crate) name: String,
    /// Its version, as it is spelt.
    pub(crate) version: String,
}

impl fmt::Display for Distribution {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}=={}", self.name, self.version)
    }
}

impl Distribution {
    /// Reads a line `name==version`, without what may follow (markers, hashes, comments).
    pub(super) fn parse(line: &str) -> Option<Self> {
        let (name, rest) = line.split_once("==")?;
        let name = name.split('[').next()?.trim();
        let version = rest.trim_start_matches('=').split([' ', ';', '\t', '\\', '#']).next()?;
        let is_name = |text: &str| text.chars().all(|sign| sign.is_ascii_alphanumeric() || "-_.".contains(sign));
        let is_version = |text: &str| text.chars().all(|sign| sign.is_ascii_alphanumeric() || ".+!-_".contains(sign));
        let fits = !name.is_empty() && !version.is_empty() && is_name(name) && is_version(version);
        fits.then(|| Self { name: normalise(name), version: version.to_owned() })
    }

    /// Reads the name of a folder `name-version.dist-info`.
    fn from_folder(folder: &str) -> Option<Self> {
        let (name, version) = folder.strip_suffix(".dist-info")?.split_once('-')?;
        Some(Self { name: normalise(name), version: version.to_owned() })
    }
}

/// The distributions that stand in a folder, sorted, each with its `.dist-info`; none when there is no folder.
pub(super) fn distributions_in(folder: &Path) -> io::Result<Vec<(Distribution, PathBuf)>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        if let Some(distribution) = entry.file_name().to_str().and_then(Distribution::from_folder) {
            found.push((distribution, entry.path()));
        }
    }
    found.sort();
    Ok(found)
}

/// The files a distribution's `RECORD` names, relative to the folder it stands in.
///
/// The list comes from a wheel, so paths that would lead out of the folder are left out.
pub(super) fn recorded_files(dist_info: &Path) -> BTreeSet<PathBuf> {
    let record = fs::read_to_string(dist_info.join("RECORD")).unwrap_or_default();
    let paths = record.lines().map(|line| line.rsplitn(3, ',').last().unwrap_or_default().trim_matches('"'));
    let is_beneath = |path: &PathBuf| path.components().all(|part| matches!(part, Component::Normal(_)));
    paths.map(PathBuf::from).filter(|path| path.components().next().is_some() && is_beneath(path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_lock_are_read_whatever_follows_the_version() {
        for line in ["Foo.Bar==1.0", "foo_bar==1.0 ; python_version < '3.13'", "foo-bar[extra]==1.0  # via x"] {
            assert_eq!(Distribution::parse(line).map(|pin| pin.to_string()), Some("foo-bar==1.0".into()), "{line}");
        }
        for line in ["", "# comment", "foo>=1", "--index-url=http://x==y", "foo @ file:///x==1", "foo=="] {
            assert_eq!(Distribution::parse(line), None, "{line}");
        }
    }

    #[test]
    fn a_record_cannot_name_files_outside_its_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let record =
            "a/__init__.py,sha256=x,1\n../../evil,,\n/etc/passwd,,\n\"odd,name.txt\",,\na.dist-info/RECORD,,\n";
        fs::write(folder.path().join("RECORD"), record).expect("written");
        let expected = ["a/__init__.py", "a.dist-info/RECORD", "odd,name.txt"].map(PathBuf::from);
        assert_eq!(recorded_files(folder.path()), BTreeSet::from(expected));
    }

    #[test]
    fn a_folder_that_is_not_there_holds_nothing() {
        assert_eq!(distributions_in(Path::new("/no/such/folder")).expect("an answer"), []);
    }
}
