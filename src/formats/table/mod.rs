//! The rows of the table of file types, grouped by kind.

mod media;
mod scientific;
mod tabular;
mod written;

use super::file_type::FileType;

pub(super) use media::BINARY;

/// The table's parts, in the order in which kinds are listed to people.
pub(super) static PARTS: [&[FileType]; 4] = [tabular::ROWS, scientific::ROWS, written::ROWS, media::ROWS];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::FileType;
    use crate::formats::Kind;

    /// Requirement T, row by row as it is written there.
    const PROMISED: &[(Kind, &str)] = &[
        (Kind::Data, "csv tsv tab"),
        (Kind::Data, "xlsx xls xlsm xlsb ods numbers"),
        (Kind::Data, "parquet feather arrow orc avro"),
        (Kind::Data, "dta sav zsav por sas7bdat xpt rds rda rdata"),
        (Kind::Structured, "json"),
        (Kind::Structured, "jsonl ndjson"),
        (Kind::Structured, "yaml yml toml ini cfg conf properties env xml plist"),
        (Kind::Structured, "msgpack bson cbor pb protobuf"),
        (Kind::Database, "db sqlite sqlite3 duckdb"),
        (Kind::Database, "sql"),
        (Kind::Database, "mdb accdb"),
        (Kind::Scientific, "npy npz mat h5 hdf hdf5 nc fits fts"),
        (Kind::Scientific, "pickle pkl joblib"),
        (Kind::Scientific, "dcm dicom nii vtk stl obj ply pcap pcapng"),
        (Kind::Geo, "geojson shp shx dbf kml kmz gpx gml"),
        (Kind::Text, "txt text md markdown rst tex log out err rtf adoc org"),
        (Kind::Pdf, "pdf"),
        (Kind::Document, "doc docx odt ppt pptx epub mobi"),
        (Kind::Html, "html htm css scss sass less vue svelte"),
        (
            Kind::Code,
            "py pyw ipynb r rmd js jsx ts tsx java c h cpp hpp cs go rs rb php swift kt kts scala sh bash zsh ps1 bat \
             lua pl jl nim asm s dart m",
        ),
        (Kind::Image, "png jpg jpeg gif bmp tif tiff webp ico psd heic avif"),
        (Kind::Image, "svg"),
        (Kind::Audio, "mp3 wav flac ogg opus aac m4a wma aiff"),
        (Kind::Video, "mp4 avi mkv mov wmv flv webm m4v mpg mpeg"),
        (Kind::Archive, "zip tar gz tgz bz2 tbz xz 7z rar zst lz lzma"),
        (Kind::Binary, "bin dat"),
    ];

    /// T
    #[test]
    fn every_promised_extension_is_there_once_and_with_its_kind_and_no_other_is() {
        let mut promised: Vec<_> = PROMISED
            .iter()
            .flat_map(|(kind, extensions)| extensions.split_whitespace().map(|extension| (extension, *kind)))
            .collect();
        let mut listed: Vec<_> = FileType::all()
            .flat_map(|file_type| file_type.extensions.iter().map(|extension| (*extension, file_type.kind)))
            .collect();
        promised.sort_unstable();
        listed.sort_unstable();
        assert_eq!(listed, promised);
    }

    /// S6: the catalog keeps these names.
    #[test]
    fn no_two_types_share_a_name_and_each_is_found_by_it() {
        let names: BTreeSet<_> = FileType::all().map(|file_type| file_type.name).collect();
        assert_eq!(names.len(), FileType::all().count());
        for file_type in FileType::all() {
            assert_eq!(FileType::by_name(file_type.name), Some(file_type));
        }
        assert_eq!(FileType::by_name("CSV"), None);
    }

    #[test]
    fn an_extension_is_found_in_any_case() {
        assert_eq!(FileType::by_extension("XlSx").map(|found| found.name), Some("excel"));
        assert_eq!(FileType::by_extension("xyz"), None);
        assert_eq!(FileType::by_extension(""), None);
    }

    #[test]
    fn media_types_are_given_for_own_extensions_only_and_look_like_media_types() {
        for file_type in FileType::all() {
            for (extension, mime) in file_type.other_mimes {
                assert!(file_type.extensions.contains(extension), "{file_type}: {extension}");
                assert_ne!(*mime, file_type.mime, "{file_type}: {extension} repeats the usual media type");
            }
            for extension in file_type.extensions {
                let mime = file_type.mime_for(extension);
                let (family, name) = mime.split_once('/').unwrap();
                assert!(["application", "audio", "image", "model", "text", "video"].contains(&family), "{mime}");
                assert!(!name.is_empty() && !name.contains(['/', ' ', ';']), "{mime}");
            }
        }
    }

    #[test]
    fn a_foreign_extension_has_the_usual_media_type() {
        let image = FileType::by_name("image").unwrap();
        assert_eq!(image.mime_for("csv"), "image/png");
        assert_eq!(image.mime_for("TIFF"), "image/tiff");
    }
}
