//! Rows for pictures, sound, film, archives, and whatever else.

use super::super::{file_type::FileType, kind::Kind};

const OCTETS: &str = "application/octet-stream";

const IMAGE_EXTENSIONS: &[&str] =
    &["png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp", "ico", "psd", "heic", "avif"];

const ARCHIVE_EXTENSIONS: &[&str] = &["zip", "tar", "gz", "tgz", "bz2", "tbz", "xz", "7z", "rar", "zst", "lz", "lzma"];

/// Whatever is of no other type.
pub(in super::super) const BINARY: FileType = FileType::new("binary", Kind::Binary, OCTETS, &["bin", "dat"]);

pub(super) static ROWS: &[FileType] = &[
    FileType::new("image", Kind::Image, "image/png", IMAGE_EXTENSIONS).other_mimes(&[
        ("jpg", "image/jpeg"),
        ("jpeg", "image/jpeg"),
        ("gif", "image/gif"),
        ("bmp", "image/bmp"),
        ("tif", "image/tiff"),
        ("tiff", "image/tiff"),
        ("webp", "image/webp"),
        ("ico", "image/vnd.microsoft.icon"),
        ("psd", "image/vnd.adobe.photoshop"),
        ("heic", "image/heic"),
        ("avif", "image/avif"),
    ]),
    FileType::new("svg", Kind::Image, "image/svg+xml", &["svg"]),
    FileType::new("wav", Kind::Audio, "audio/wav", &["wav"]),
    FileType::new("audio", Kind::Audio, "audio/mpeg", &["mp3", "flac", "ogg", "opus", "aac", "m4a", "wma", "aiff"])
        .other_mimes(&[
            ("flac", "audio/flac"),
            ("ogg", "audio/ogg"),
            ("opus", "audio/ogg"),
            ("aac", "audio/aac"),
            ("m4a", "audio/mp4"),
            ("wma", "audio/x-ms-wma"),
            ("aiff", "audio/aiff"),
        ]),
    FileType::new(
        "video",
        Kind::Video,
        "video/mp4",
        &["mp4", "avi", "mkv", "mov", "wmv", "flv", "webm", "m4v", "mpg", "mpeg"],
    )
    .other_mimes(&[
        ("avi", "video/x-msvideo"),
        ("mkv", "video/x-matroska"),
        ("mov", "video/quicktime"),
        ("wmv", "video/x-ms-wmv"),
        ("flv", "video/x-flv"),
        ("webm", "video/webm"),
        ("m4v", "video/x-m4v"),
        ("mpg", "video/mpeg"),
        ("mpeg", "video/mpeg"),
    ]),
    // `tar.gz` and the like are seen to by `file_name`.
    FileType::new("archive", Kind::Archive, OCTETS, ARCHIVE_EXTENSIONS).other_mimes(&[
        ("zip", "application/zip"),
        ("tar", "application/x-tar"),
        ("gz", "application/gzip"),
        ("tgz", "application/gzip"),
        ("bz2", "application/x-bzip2"),
        ("tbz", "application/x-bzip2"),
        ("xz", "application/x-xz"),
        ("7z", "application/x-7z-compressed"),
        ("rar", "application/vnd.rar"),
        ("zst", "application/zstd"),
        ("lz", "application/x-lzip"),
        ("lzma", "application/x-lzma"),
    ]),
    BINARY,
];
