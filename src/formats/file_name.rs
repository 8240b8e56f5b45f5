//! What a file's name says of its type.

use super::{compression::Compression, file_type::FileType};

/// Longer endings are prose (`minutes.of yesterdays meeting`), not extensions.
const MAX_EXTENSION_CHARS: usize = 16;

/// A file name's promise.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FileName {
    /// The type it names, if the table knows it.
    pub(super) file_type: Option<&'static FileType>,
    /// For `sales.csv.gz`: gzip. Archives such as `tar.gz` have none.
    pub(super) compression: Option<Compression>,
    /// In lower case, without the dot; `csv.gz` and `tar.gz` are one extension. Empty where there is none.
    pub(super) extension: String,
}

impl FileName {
    /// Reads a name, or the last part of a path with `/` or `\`.
    pub(super) fn read(file_name: &str) -> Self {
        let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
        // Windows drops dots and spaces at a name's end, so `data.csv.` is `data.csv`.
        let name = name.trim().trim_end_matches(['.', ' ']).to_ascii_lowercase();
        if let Some(file_type) = type_of_whole_name(&name) {
            return Self { file_type: Some(file_type), compression: None, extension: String::new() };
        }
        // A name that starts with a dot is hidden, which makes `.bashrc` a name without extension.
        let Some((stem, extension)) = split_extension(name.trim_start_matches('.')) else {
            return Self { file_type: None, compression: None, extension: String::new() };
        };
        match Compression::by_extension(extension) {
            Some(compression) => Self::compressed(stem, extension, compression),
            None => Self {
                file_type: FileType::by_extension(extension),
                compression: None,
                extension: extension.to_owned(),
            },
        }
    }

    fn compressed(stem: &str, extension: &str, compression: Compression) -> Self {
        let inner = split_extension(stem).map(|(_, inner)| inner);
        let known = inner.and_then(FileType::by_extension);
        let archive = FileType::by_extension(extension);
        match (inner, known) {
            (Some("tar"), _) => Self { file_type: archive, compression: None, extension: format!("tar.{extension}") },
            (Some(inner), Some(file_type)) if known != archive => Self {
                file_type: Some(file_type),
                compression: Some(compression),
                extension: format!("{inner}.{extension}"),
            },
            _ => Self { file_type: archive, compression: None, extension: extension.to_owned() },
        }
    }
}

fn type_of_whole_name(name: &str) -> Option<&'static FileType> {
    let stage = name.strip_prefix(".env.").map(|_| ".env");
    FileType::by_file_name(stage.unwrap_or(name))
}

/// Splits `sales.csv` into `sales` and `csv`. An extension is short and plain, so that it can be part of a stored
/// file's name.
fn split_extension(name: &str) -> Option<(&str, &str)> {
    let (stem, extension) = name.rsplit_once('.')?;
    let plain = extension.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    (plain && (1..=MAX_EXTENSION_CHARS).contains(&extension.len())).then_some((stem, extension))
}

#[cfg(test)]
mod tests {
    use super::{Compression, FileName};

    #[track_caller]
    fn check(name: &str, file_type: Option<&str>, compression: Option<Compression>, extension: &str) {
        let read = FileName::read(name);
        assert_eq!(
            (read.file_type.map(|found| found.name), read.compression, read.extension.as_str()),
            (file_type, compression, extension),
            "{name:?}"
        );
    }

    /// T
    #[test]
    fn the_last_extension_counts_in_any_case_and_behind_any_folder() {
        check("sales.csv", Some("csv"), None, "csv");
        check("a.b.c.CSV", Some("csv"), None, "csv");
        check("plots/2024.05/fig 1.PnG", Some("image"), None, "png");
        check(r"C:\data\Book 1.XLSX", Some("excel"), None, "xlsx");
        check("Über größe.ipynb", Some("notebook"), None, "ipynb");
        check(".hidden.json", Some("json"), None, "json");
    }

    #[test]
    fn dots_and_spaces_at_the_end_are_dropped() {
        check("sales.csv.", Some("csv"), None, "csv");
        check(" sales.csv . ", Some("csv"), None, "csv");
        check("sales.", None, None, "");
        check("...", None, None, "");
    }

    /// T: `tar.gz` and the like are one extension.
    #[test]
    fn a_compressed_tar_is_an_archive_and_nothing_else() {
        for extension in ["tar.gz", "tar.bz2", "tar.xz", "tar.zst", "tar.lz", "tar.lzma"] {
            check(&format!("backup.1.{extension}"), Some("archive"), None, extension);
        }
        check("x.tgz", Some("archive"), None, "tgz");
        check("x.tbz", Some("archive"), None, "tbz");
        check("tar.gz", Some("archive"), None, "gz");
    }

    /// T: a compressed single file of a known type loads as that type.
    #[test]
    fn a_compressed_single_file_keeps_the_type_inside() {
        check("sales.csv.gz", Some("csv"), Some(Compression::Gzip), "csv.gz");
        check("log.JSON.Bz2", Some("json"), Some(Compression::Bzip2), "json.bz2");
        check("brain.nii.gz", Some("nifti"), Some(Compression::Gzip), "nii.gz");
        check("t.tsv.xz", Some("csv"), Some(Compression::Xz), "tsv.xz");
        check("t.parquet.zst", Some("parquet"), Some(Compression::Zstd), "parquet.zst");
        check("t.txt.lzma", Some("text"), Some(Compression::Lzma), "txt.lzma");
        check("t.txt.lz", Some("text"), Some(Compression::Lzip), "txt.lz");
    }

    #[test]
    fn what_is_compressed_without_a_known_type_is_an_archive() {
        check("x.gz", Some("archive"), None, "gz");
        check("x.unknown.gz", Some("archive"), None, "gz");
        check("x.zip.gz", Some("archive"), None, "gz");
        check("x.csv.gz.gz", Some("archive"), None, "gz");
        check(".gz", None, None, "");
    }

    #[test]
    fn names_without_extension_are_known_by_custom_or_not_at_all() {
        check("README", Some("text"), None, "");
        check("src/Makefile", Some("code"), None, "");
        check(".env", Some("env"), None, "");
        check(".env.local", Some("env"), None, "");
        check("production.env", Some("env"), None, "env");
        check(".bashrc", None, None, "");
        check("csv", None, None, "");
        check("", None, None, "");
        check("folder/", None, None, "");
    }

    #[test]
    fn prose_after_a_dot_is_no_extension() {
        check("Notes on Dr. Who", None, None, "");
        check("x.verylongextension", None, None, "");
        check("x.c\u{301}sv", None, None, "");
        check("x.xyz", None, None, "xyz");
    }
}
