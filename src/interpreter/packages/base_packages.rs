//! The packages of the environment itself, which every run has and none may replace.

use std::{collections::BTreeSet, fs, io, path::Path};

use super::distribution::{Distribution, distributions_in};

/// The list that the set-up of the environment writes, one `name==version` a line.
const LIST: &str = "taipan-base.txt";

/// The base packages of an environment: those on its list, or where there is none, all that stand in it.
pub(super) fn base_packages(venv: &Path) -> io::Result<Vec<Distribution>> {
    let found: BTreeSet<_> = match fs::read_to_string(venv.join(LIST)) {
        Ok(list) => list.lines().filter_map(|line| Distribution::parse(line.trim())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => installed(venv)?,
        Err(error) => return Err(error),
    };
    Ok(found.into_iter().collect())
}

fn installed(venv: &Path) -> io::Result<BTreeSet<Distribution>> {
    let mut found = BTreeSet::new();
    for version in fs::read_dir(venv.join("lib"))? {
        let packages = version?.path().join("site-packages");
        found.extend(distributions_in(&packages)?.into_iter().map(|(distribution, _)| distribution));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(venv: &Path) -> Vec<String> {
        base_packages(venv).expect("a list").iter().map(Distribution::to_string).collect()
    }

    #[test]
    fn the_list_of_the_set_up_counts_and_without_it_what_is_installed() {
        let venv = tempfile::tempdir().expect("a folder");
        let packages = venv.path().join("lib/python3.11/site-packages");
        fs::create_dir_all(packages.join("python_dateutil-2.9.0.dist-info")).expect("made");
        fs::create_dir_all(packages.join("numpy-2.4.6.dist-info")).expect("made");
        assert_eq!(names(venv.path()), ["numpy==2.4.6", "python-dateutil==2.9.0"]);

        fs::write(venv.path().join(LIST), "# locked\nNumPy==2.4.6\n\npandas==3.1.1  # comment\n").expect("written");
        assert_eq!(names(venv.path()), ["numpy==2.4.6", "pandas==3.1.1"]);
    }

    #[test]
    fn an_environment_that_is_not_there_is_an_error() {
        assert_eq!(base_packages(Path::new("/no/venv")).map_err(|error| error.kind()), Err(io::ErrorKind::NotFound));
    }
}
