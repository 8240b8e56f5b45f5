//! Which distribution of the package index an import name belongs to.
//!
//! Most distributions are named like what they are imported as. The others stand in two sorted lists:
//! `imports_listed.txt` from lists that others keep, and `imports_own.txt`, which corrects and completes it.

use std::{collections::BTreeMap, sync::LazyLock};

const LISTED: &str = include_str!("imports_listed.txt");
const OWN: &str = include_str!("imports_own.txt");
const STANDARD_LIBRARY: &str = include_str!("standard_library.txt");
/// Stands in the lists where a name is a namespace that many distributions share.
const NAMESPACE: &str = "-";
/// Longest import name that is looked at; code may ask for anything.
const MAX_IMPORT_BYTES: usize = 200;

static DISTRIBUTIONS: LazyLock<BTreeMap<&'static str, &'static str>> =
    LazyLock::new(|| entries(LISTED).chain(entries(OWN)).collect());

/// What an import name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Provider {
    /// The distribution of this name, normalised as in the index.
    Distribution(String),
    /// A module of Python's standard library; no distribution may stand in for it.
    StandardLibrary,
    /// A namespace that many distributions share; the bare name is nobody's.
    Namespace,
    /// Not a name that Python can import, or a private one.
    Unusable,
}

/// Finds the distribution for a dotted import name.
///
/// The longest known prefix decides, so `google.cloud.storage.blob` is `google-cloud-storage`; below a shared
/// namespace the next part is taken along (`azure.purview.catalog` is guessed to be `azure-purview`); a name that
/// is not known is its first part. So `cv2` is `opencv-python-headless`, and `sklearn.svm` is `scikit-learn`.
pub(crate) fn provider(import: &str) -> Provider {
    let first = import.split('.').next().unwrap_or_default();
    if !is_importable(import) {
        return Provider::Unusable;
    }
    if entries(STANDARD_LIBRARY).any(|(module, _)| module == first) {
        return Provider::StandardLibrary;
    }
    let mut prefix = import;
    let mut below = None;
    loop {
        match (DISTRIBUTIONS.get(prefix), below) {
            (Some(&NAMESPACE), None) => return Provider::Namespace,
            (Some(&NAMESPACE), Some(longer)) => return Provider::Distribution(normalise(longer)),
            (Some(distribution), _) => return Provider::Distribution((*distribution).to_owned()),
            (None, _) => {}
        }
        let Some(end) = prefix.rfind('.') else { return Provider::Distribution(normalise(first)) };
        below = Some(prefix);
        prefix = &prefix[..end];
    }
}

/// A distribution's name as the index compares it (PEP 503): lower case, runs of `-`, `_` and `.` as one `-`.
pub(crate) fn normalise(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            '-' | '_' | '.' if normal.ends_with('-') => {}
            '-' | '_' | '.' => normal.push('-'),
            other => normal.extend(other.to_lowercase()),
        }
    }
    normal
}

/// Whether every part is an ASCII identifier, the first one not private. The index knows ASCII names only, and
/// what passes here can be no option of a command line and no path.
fn is_importable(import: &str) -> bool {
    let is_identifier = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && part.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
    };
    import.len() <= MAX_IMPORT_BYTES && !import.starts_with('_') && import.split('.').all(is_identifier)
}

/// The lines of a list as pairs; a list of single words gives empty second halves.
fn entries(list: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    list.lines().filter(|line| !line.starts_with('#')).map(|line| line.split_once(' ').unwrap_or((line, "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distribution(import: &str) -> String {
        match provider(import) {
            Provider::Distribution(name) => name,
            other => panic!("{import} is {other:?}"),
        }
    }

    /// X6: at least 500 import names that differ from their package names are known.
    #[test]
    fn more_than_500_names_that_differ_are_known() {
        let differing =
            DISTRIBUTIONS.iter().filter(|(import, name)| **name != NAMESPACE && normalise(import) != **name);
        let plain = differing.filter(|(import, _)| !import.contains('.')).count();
        assert!(plain >= 550, "{plain} differing names without a dot");
    }

    /// X6: the names people meet first.
    #[test]
    fn well_known_names_lead_to_their_distributions() {
        let expected = [
            ("cv2", "opencv-python-headless"),
            ("sklearn", "scikit-learn"),
            ("PIL", "pillow"),
            ("yaml", "pyyaml"),
            ("bs4", "beautifulsoup4"),
            ("dateutil", "python-dateutil"),
            ("skimage", "scikit-image"),
            ("docx", "python-docx"),
            ("pptx", "python-pptx"),
            ("fitz", "pymupdf"),
            ("slugify", "python-slugify"),
            ("Crypto", "pycryptodome"),
            ("dotenv", "python-dotenv"),
            ("jwt", "pyjwt"),
            ("git", "gitpython"),
            ("serial", "pyserial"),
            ("MySQLdb", "mysqlclient"),
            ("psycopg2", "psycopg2-binary"),
            ("imblearn", "imbalanced-learn"),
            ("umap", "umap-learn"),
            ("osgeo", "gdal"),
            ("Bio", "biopython"),
            ("magic", "python-magic"),
            ("faiss", "faiss-cpu"),
            ("telegram", "python-telegram-bot"),
            ("discord", "discord-py"),
            ("zmq", "pyzmq"),
            ("OpenSSL", "pyopenssl"),
            ("googleapiclient", "google-api-python-client"),
            ("mpl_toolkits.basemap", "basemap"),
        ];
        for (import, name) in expected {
            assert_eq!(distribution(import), name, "{import}");
        }
    }

    #[test]
    fn the_longest_known_prefix_decides() {
        assert_eq!(distribution("google.cloud.storage.blob"), "google-cloud-storage");
        assert_eq!(distribution("google.protobuf.message"), "protobuf");
        assert_eq!(distribution("sklearn.linear_model"), "scikit-learn");
        assert_eq!(distribution("ruamel.yaml"), "ruamel-yaml");
    }

    #[test]
    fn below_a_shared_namespace_the_next_part_is_taken_along() {
        assert_eq!(distribution("google.cloud.asset.v1"), "google-cloud-asset");
        assert_eq!(distribution("azure.mgmt.redis.models"), "azure-mgmt-redis");
        assert_eq!(provider("google"), Provider::Namespace);
        assert_eq!(provider("google.cloud"), Provider::Namespace);
    }

    #[test]
    fn an_unknown_name_is_its_own_distribution_as_the_index_spells_it() {
        assert_eq!(distribution("cowsay"), "cowsay");
        assert_eq!(distribution("Some_Thing.part"), "some-thing");
        assert_eq!(normalise("Foo._-.bar"), "foo-bar");
    }

    #[test]
    fn the_standard_library_has_no_distribution() {
        for module in ["json", "os.path", "xml.etree.ElementTree", "distutils", "tkinter"] {
            assert_eq!(provider(module), Provider::StandardLibrary, "{module}");
        }
    }

    #[test]
    fn what_left_the_standard_library_is_found_where_it_lives_on() {
        assert_eq!(distribution("cgi"), "legacy-cgi");
        assert_eq!(distribution("audioop"), "audioop-lts");
    }

    #[test]
    fn what_is_no_import_name_is_refused() {
        let long = "a".repeat(MAX_IMPORT_BYTES + 1);
        for name in ["", ".", "a..b", "-r", "--index-url=x", "a/b", "../x", "a b", "a==1", "1a", "_private", "é", &long]
        {
            assert_eq!(provider(name), Provider::Unusable, "{name}");
        }
    }

    #[test]
    fn the_lists_are_sorted_and_without_doubles() {
        for list in [LISTED, OWN, STANDARD_LIBRARY] {
            let names: Vec<_> = entries(list).map(|(name, _)| name).collect();
            assert!(names.is_sorted_by(|a, b| a < b));
        }
        assert!(entries(LISTED).all(|(import, _)| entries(OWN).all(|(own, _)| own != import)));
    }

    #[test]
    fn distributions_are_spelt_as_the_index_spells_them() {
        for (import, name) in DISTRIBUTIONS.iter().filter(|(_, name)| **name != NAMESPACE) {
            assert_eq!(normalise(name), **name, "{import}");
            assert!(is_importable(import), "{import}");
        }
    }
}
