//! A row of the table of file types.

use std::fmt;

use super::{kind::Kind, table};

/// A type of file: what it is called, what sort it is, and how its names end.
///
/// Readers and catalogs know a type by its `name`; one name covers the formats that one reader reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileType {
    /// The name, such as `csv` or `image`; unique.
    pub name: &'static str,
    /// The kind it belongs to.
    pub kind: Kind,
    /// Its usual media type. [`FileType::mime_for`] is more exact.
    pub mime: &'static str,
    /// The extensions that mean this type, in lower case and without a dot. None belongs to two types.
    pub extensions: &'static [&'static str],
    /// Media types of extensions for which `mime` does not hold.
    pub(super) other_mimes: &'static [(&'static str, &'static str)],
    /// Whole file names, in lower case, that mean this type without an extension.
    file_names: &'static [&'static str],
}

impl FileType {
    /// Every type, grouped by kind.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        table::PARTS.iter().copied().flatten()
    }

    /// The type of this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static Self> {
        Self::all().find(|file_type| file_type.name == name)
    }

    /// The type that an extension means; in any case, without a dot.
    #[must_use]
    pub fn by_extension(extension: &str) -> Option<&'static Self> {
        Self::all().find(|file_type| file_type.has_extension(extension))
    }

    /// The media type of files with this extension, or the type's usual one where the extension is not its own.
    ///
    /// ```
    /// # use taipan::formats::FileType;
    /// let image = FileType::by_name("image").unwrap();
    /// assert_eq!(image.mime_for("JPG"), "image/jpeg");
    /// ```
    #[must_use]
    pub fn mime_for(&self, extension: &str) -> &'static str {
        let other = self.other_mimes.iter().find(|(own, _)| own.eq_ignore_ascii_case(extension));
        other.map_or(self.mime, |(_, mime)| mime)
    }

    /// The type that a whole file name means, such as `Makefile`.
    pub(super) fn by_file_name(file_name: &str) -> Option<&'static Self> {
        Self::all().find(|file_type| file_type.file_names.iter().any(|own| own.eq_ignore_ascii_case(file_name)))
    }

    fn has_extension(&self, extension: &str) -> bool {
        self.extensions.iter().any(|own| own.eq_ignore_ascii_case(extension))
    }

    /// A row; the two that follow add what only some rows have.
    pub(super) const fn new(
        name: &'static str,
        kind: Kind,
        mime: &'static str,
        extensions: &'static [&'static str],
    ) -> Self {
        Self { name, kind, mime, extensions, other_mimes: &[], file_names: &[] }
    }

    pub(super) const fn other_mimes(mut self, other_mimes: &'static [(&'static str, &'static str)]) -> Self {
        self.other_mimes = other_mimes;
        self
    }

    pub(super) const fn file_names(mut self, file_names: &'static [&'static str]) -> Self {
        self.file_names = file_names;
        self
    }
}

impl fmt::Display for FileType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}
