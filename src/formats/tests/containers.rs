//! What zips and compound files hold. (S12)

use std::io::{Cursor, Write as _};

use super::{PNG, check, detect_from};

/// Names and contents.
type Entries<'a> = &'a [(&'a str, &'a [u8])];

/// A zip of stored entries, as most programs write it.
fn zip(entries: Entries) -> Vec<u8> {
    let mut archive = rawzip::ZipArchiveWriter::new(Vec::new());
    for (name, content) in entries {
        let (mut entry, config) =
            archive.new_file(*name).compression_method(rawzip::CompressionMethod::STORE).start().unwrap();
        let mut data = config.wrap(&mut entry);
        data.write_all(content).unwrap();
        let (_, descriptor) = data.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap()
}

/// The beginning of a zip whose entries know their size, without the directory at the end.
fn zip_head(entries: Entries) -> Vec<u8> {
    let mut head = Vec::new();
    for (name, content) in entries {
        let size = u32::try_from(content.len()).unwrap().to_le_bytes();
        head.extend(b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0");
        head.extend(size.iter().chain(&size));
        head.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        head.extend([0, 0]);
        head.extend(name.bytes().chain(content.iter().copied()));
    }
    head
}

/// A compound file with these names in its directory, which starts in the sector after `gap` others.
fn compound_file(gap: u32, names: &[&str]) -> Vec<u8> {
    let mut file = vec![0; 512];
    file[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    file[26] = 3;
    file[30] = 9;
    file[48..52].copy_from_slice(&gap.to_le_bytes());
    file.resize(512 * (gap as usize + 1), 0xff);
    for name in names {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry.resize(128, 0);
        file.extend(entry);
    }
    file
}

#[test]
fn zip_packages_are_told_apart_by_their_entries() {
    let cases: [(&str, Entries); 9] = [
        ("excel", &[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>")]),
        ("excel", &[("docProps/app.xml", b"x"), ("xl/worksheets/sheet1.xml", b"x"), ("_rels/.rels", b"x")]),
        ("docx", &[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<document/>")]),
        ("pptx", &[("_rels/.rels", b"<r/>"), ("ppt/presentation.xml", b"<presentation/>")]),
        ("kmz", &[("doc.kml", b"<kml/>"), ("files/pin.png", PNG)]),
        ("npz", &[("a.npy", b"\x93NUMPY"), ("b.npy", b"\x93NUMPY")]),
        ("archive", &[("a.npy", b"\x93NUMPY"), ("readme.txt", b"x")]),
        ("archive", &[("word/list.txt", b"x"), ("xl/size.txt", b"x")]),
        ("archive", &[("inner.xlsx", b"PK\x03\x04")]),
    ];
    for (file_type, entries) in cases {
        let whole = zip(entries);
        check("sales.csv", &whole, file_type);
        check("package", &whole, file_type);
        assert_eq!(detect_from("x", Cursor::new(&whole)).unwrap().file_type.name, file_type);
        check("beginning.zip", &zip_head(entries), file_type);
    }
}

#[test]
fn a_zip_declares_its_type_in_its_first_entry() {
    let cases: [(&str, &[u8]); 5] = [
        ("ods", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("odt", b"application/vnd.oasis.opendocument.text"),
        ("epub", b"application/epub+zip"),
        ("epub", b"application/epub+zip\n"),
        ("archive", b"application/vnd.oasis.opendocument.presentation"),
    ];
    for (file_type, mime) in cases {
        check("book", &zip(&[("mimetype", mime), ("content.xml", b"<x/>")]), file_type);
        check("book.txt", &zip_head(&[("mimetype", mime), ("content.xml", b"<x/>")]), file_type);
    }
    check("x", &zip(&[("notes", b"application/epub+zip")]), "archive");
    check("a.jar", &zip(&[("META-INF/MANIFEST.MF", b"x")]), "archive");
}

#[test]
fn a_zip_inside_a_zip_does_not_speak_for_it() {
    let workbook = zip(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>")]);
    check("backup", &zip(&[("report.xlsx", &workbook)]), "archive");
    check("backup", &zip_head(&[("report.xlsx", &workbook)]), "archive");
}

#[test]
fn an_unremarkable_zip_leaves_formats_that_are_zips_alone() {
    let plain = zip(&[("Index/Document.iwa", b"x")]);
    for (name, file_type) in [
        ("a.xlsx", "excel"),
        ("a.docx", "docx"),
        ("a.pptx", "pptx"),
        ("a.ods", "ods"),
        ("a.odt", "odt"),
        ("a.numbers", "numbers"),
        ("a.epub", "epub"),
        ("a.kmz", "kmz"),
        ("a.npz", "npz"),
        ("a.pkl", "pickle"),
        ("a.csv", "archive"),
        ("a.png", "archive"),
    ] {
        check(name, &plain, file_type);
    }
}

#[test]
fn broken_zips_are_still_zips() {
    let whole = zip(&[("a.txt", b"x"), ("b.txt", b"y")]);
    for length in 4..whole.len() {
        check("x", &whole[..length], "archive");
        check("x.xlsx", &whole[..length], "excel");
    }
    check("empty", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "archive");
}

#[test]
fn old_office_files_are_told_apart_by_their_streams() {
    for (stream, file_type) in
        [("Workbook", "excel"), ("Book", "excel"), ("WordDocument", "doc"), ("PowerPoint Document", "ppt")]
    {
        let content = compound_file(2, &["Root Entry", "\u{5}SummaryInformation", stream]);
        check("sales.csv", &content, file_type);
        let far = compound_file(100, &["Root Entry", stream]);
        assert_eq!(detect_from("old", Cursor::new(far)).unwrap().file_type.name, file_type);
    }
    let mail = compound_file(0, &["Root Entry", "__properties_version1.0"]);
    check("a.xls", &mail, "excel");
    check("a.msg", &mail, "binary");
    check("a.doc", &mail[..30], "doc");
    check("a.doc", &compound_file(u32::MAX >> 20, &[])[..600], "doc");
}
