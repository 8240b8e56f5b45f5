//! The sorts of file that people tell apart.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What sort of file something is; labels files in every list and message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// Tables: csv, Excel, Parquet, statistics packages.
    Data,
    /// Nested values: json, yaml, toml, xml.
    Structured,
    /// Databases in a file, and SQL.
    Database,
    /// Arrays, measurements, models, pickles.
    Scientific,
    /// Maps and tracks.
    Geo,
    /// Plain and marked-up text.
    Text,
    /// PDF.
    Pdf,
    /// Word processing, slides, books.
    Document,
    /// Web pages, their styles and components.
    Html,
    /// Source code and notebooks.
    Code,
    /// Pictures.
    Image,
    /// Sound.
    Audio,
    /// Films.
    Video,
    /// Archives and compressed files.
    Archive,
    /// Whatever else.
    Binary,
}

impl Kind {
    /// The kind of this name, as [`name`](Self::name) gives it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Every kind.
    pub const ALL: [Self; 15] = [
        Self::Data,
        Self::Structured,
        Self::Database,
        Self::Scientific,
        Self::Geo,
        Self::Text,
        Self::Pdf,
        Self::Document,
        Self::Html,
        Self::Code,
        Self::Image,
        Self::Audio,
        Self::Video,
        Self::Archive,
        Self::Binary,
    ];

    /// The kind's name in lower case, as catalogs and JSON spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Structured => "structured",
            Self::Database => "database",
            Self::Scientific => "scientific",
            Self::Geo => "geo",
            Self::Text => "text",
            Self::Pdf => "pdf",
            Self::Document => "document",
            Self::Html => "html",
            Self::Code => "code",
            Self::Image => "image",
            Self::Audio => "audio",
            Self::Video => "video",
            Self::Archive => "archive",
            Self::Binary => "binary",
        }
    }

    /// The emoji in front of files of this kind.
    #[must_use]
    pub fn emoji(self) -> &'static str {
        match self {
            Self::Data => "📊",
            Self::Structured => "📋",
            Self::Database => "🗄️",
            Self::Scientific => "🔬",
            Self::Geo => "🌍",
            Self::Text => "📝",
            Self::Pdf | Self::Document => "📄",
            Self::Html => "🌐",
            Self::Code => "💻",
            Self::Image => "🖼️",
            Self::Audio => "🎵",
            Self::Video => "🎬",
            Self::Archive => "📦",
            Self::Binary => "📎",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
