//! Detection through the public door. (S12)

mod containers;

use super::{Compression, Detected, FileType, HEAD_BYTES, Kind, detect, detect_from, detect_path, kind_of};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
const GZIP: &[u8] = b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x03\0\0\0\0\0\0\0\0\0";
const CSV: &[u8] = b"city,people\nBern,134591\n";

#[track_caller]
fn check(file_name: &str, content: &[u8], file_type: &str) {
    assert_eq!(detect(file_name, content).file_type.name, file_type, "{file_name:?}");
}

fn with(offset: usize, magic: &[u8]) -> Vec<u8> {
    let mut content = vec![0; 4096];
    content[offset..offset + magic.len()].copy_from_slice(magic);
    content
}

#[test]
fn an_honest_extension_holds() {
    check("sales.csv", CSV, "csv");
    check("notes.txt", b"a,b\n1,2\n", "text");
    check("figure.PNG", PNG, "image");
    check("nothing.csv", b"", "csv");
}

#[test]
fn content_that_names_another_format_overrides_the_extension() {
    check("sales.csv", PNG, "image");
    check("sales.csv", b"%PDF-1.7\n1 0 obj\n", "pdf");
    check("letter.doc", b"{\\rtf1\\ansi hello}", "rtf");
    check("sales.txt", &with(0, b"PAR1\x15\x04"), "parquet");
    check("sales.xlsx", &with(0, b"SQLite format 3\0"), "sqlite");
    check("photo.jpg", b"RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0", "image");
    check("song.mp3", b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0", "wav");
    check("movie.txt", b"\0\0\0\x20ftypisom\0\0\x02\0", "video");
    check("backup.json", &with(257, b"ustar\x0000"), "archive");
    check("x.bin", &with(128, b"DICM"), "dicom");
    check("x.dat", b"\x93NUMPY\x01\0v\0{'descr'", "npy");
}

#[test]
fn text_never_overrides_an_extension() {
    check("prices.xls", b"<html><table><tr><td>1</td></tr></table></html>", "excel");
    check("prices.xls", b"city\tpeople\nBern\t134591\n", "excel");
    check("photo.png", CSV, "image");
    check("page.md", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "text");
    check("sales.csv", b"#!/bin/sh\necho\n", "csv");
}

/// Column names may be magic words.
#[test]
fn magic_words_in_a_text_are_no_magic_bytes() {
    for word in ["PAR1", "ORC", "BM", "GIF89a", "ARROW1", "ID3", "FEA1", "OggS", "BZh9", "II*", "8BPS", "MZ"] {
        check("t.csv", format!("{word},DUCK,wide,b\n1,2,3,4\n").as_bytes(), "csv");
    }
    check("t.csv", b"a,b,c,d,DUCK\n1,2,3,4,5\n", "csv");
}

/// S14: reading a pickle runs its code.
#[test]
fn a_pickle_is_never_found_by_its_content() {
    let pickle = b"\x80\x04\x95\x0f\0\0\0\0\0\0\0\x8c\x05posix\x94\x93\x94.";
    check("model.pkl", pickle, "pickle");
    check("sales.csv", pickle, "csv");
    check("sales.xyz", pickle, "binary");
    check("sales", pickle, "binary");
}

#[test]
fn containers_believe_the_extensions_that_they_stand_behind() {
    let hdf5 = with(0, b"\x89HDF\r\n\x1a\n");
    check("a.h5", &hdf5, "hdf5");
    check("a.nc", &hdf5, "netcdf");
    check("a.mat", &hdf5, "matlab");
    check("a.csv", &hdf5, "hdf5");
    check("a", &with(512, b"\x89HDF\r\n\x1a\n"), "hdf5");
    let arrow = with(0, b"ARROW1\0\0");
    check("a.feather", &arrow, "feather");
    check("a.arrow", &arrow, "arrow");
    check("a.parquet", &arrow, "arrow");
    let shape = with(0, b"\0\0\x27\x0a");
    check("a.shx", &shape, "shapefile_part");
    check("a.shp", &shape, "shapefile");
    let mp4 = b"\0\0\0\x20ftypmp42\0\0\0\0";
    check("a.m4a", mp4, "audio");
    check("a.mp4", mp4, "video");
    check("a.ogg", b"OggS\0\x02\0\0\0\0\0\0\0\0", "audio");
}

#[test]
fn a_database_called_db_is_known_by_its_content() {
    let duckdb = with(8, b"DUCK");
    let sqlite = with(0, b"SQLite format 3\0");
    check("a.db", &duckdb, "duckdb");
    check("a.db", &sqlite, "sqlite");
    check("a.duckdb", &sqlite, "sqlite");
    check("a.db", b"", "sqlite");
}

#[test]
fn own_signatures_are_found_without_a_name() {
    let sas = b"\0\0\0\0\0\0\0\0\0\0\0\0\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\0\x09\xc7\x31\x8c\x18\x1f\x10\x11";
    let cases: [(&str, usize, &[u8]); 24] = [
        ("matlab", 0, b"MATLAB 5.0 MAT-file, Platform: GLNXA64"),
        ("matlab", 0, b"MATLAB 7.3 MAT-file, Platform: GLNXA64"),
        ("netcdf", 0, b"CDF\x01"),
        ("nifti", 344, b"n+1\0"),
        ("nifti", 4, b"n+2\0\r\n\x1a\n"),
        ("orc", 0, b"ORC"),
        ("feather", 0, b"FEA1"),
        ("avro", 0, b"Obj\x01"),
        ("pcap", 0, b"\xd4\xc3\xb2\xa1\x02\0\x04\0"),
        ("pcap", 0, b"\x4d\x3c\xb2\xa1\x02\0\x04\0"),
        ("rdata", 0, b"RDX3\nX\n"),
        ("rdata", 0, b"X\n\0\0\0\x03"),
        ("stata", 0, b"\x72\x02\x01\0"),
        ("stata", 0, b"\x73\x01\x01\0"),
        ("spss", 0, b"$FL2@(#) SPSS DATA FILE"),
        ("spss", 0, b"$FL3@(#) SPSS DATA FILE"),
        ("spss", 40, b"ASCII SPSS PORT FILE"),
        ("stata", 0, b"<stata_dta><header><release>118</release>"),
        ("sas", 0, sas),
        ("sas", 0, b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!"),
        ("fits", 0, b"SIMPLE  =                    T / conforms"),
        ("plist", 0, b"bplist00"),
        ("cbor", 0, b"\xd9\xd9\xf7\xa1"),
        ("mobi", 60, b"BOOKMOBI"),
    ];
    for (file_type, offset, magic) in cases {
        check("nameless", &with(offset, magic), file_type);
        check("lying.jpg", &with(offset, magic), file_type);
    }
}

/// S12: an unknown extension is looked at by content and else is `binary`.
#[test]
fn an_unknown_extension_is_looked_at_and_else_is_binary() {
    check("a.xyz", PNG, "image");
    check("a.xyz", b"plain text", "binary");
    check("a.xyz", b"\0\x01\x02\x03", "binary");
    check("a.gpkg", &with(0, b"SQLite format 3\0"), "sqlite");
    check("a.mp2", b"\xff\xfb\x90\x64\0\0\0\0", "audio");
    check("a.pgm", b"P5\n2 2\n255\n\0\x01\x02\xff", "image");
}

#[test]
fn a_name_without_extension_is_text_where_its_bytes_are() {
    check("greeting", "Grüße\n".as_bytes(), "text");
    check("empty", b"", "text");
    check("", b"hello", "text");
    check(".bashrc", b"export A=1\n", "text");
    check("noise", b"\0\xfe\x01", "binary");
    check("script", b"#!/usr/bin/env python3\nprint(1)\n", "code");
    check("README", CSV, "text");
    check("Makefile", b"all:\n", "code");
    check(".env", b"A=1\n", "env");
}

#[test]
fn nameless_markup_is_known_by_its_root_element() {
    check("a", b"<?xml version='1.0'?>\n<!-- drawn -->\n<svg:svg xmlns:svg='x'>", "svg");
    check("a", b"\xef\xbb\xbf<?xml version='1.0'?><kml xmlns='x'>", "kml");
    check("a", b"<?xml version='1.0'?><!DOCTYPE plist PUBLIC 'x'><plist version='1.0'>", "plist");
    check("a", b"\n<!doctype HTML>\n<HTML lang='de'>", "html");
    check("a", b"<gpx version='1.1'/>", "gpx");
    check("a", b"<?xml version='1.0'?><rows><row/></rows>", "xml");
    check("a", b"<no declaration, no markup>", "text");
}

fn detected(file_name: &str, content: &[u8]) -> (&'static str, Option<Compression>, String) {
    let Detected { file_type, compression, extension } = detect(file_name, content);
    (file_type.name, compression, extension)
}

/// T: a compressed single file of a known type loads as that type.
#[test]
fn compression_is_what_the_bytes_say() {
    let gzip = Some(Compression::Gzip);
    assert_eq!(detected("sales.csv.gz", GZIP), ("csv", gzip, "csv.gz".into()));
    assert_eq!(detected("sales.csv", GZIP), ("csv", gzip, "csv".into()));
    assert_eq!(detected("sales.csv.xz", GZIP), ("csv", gzip, "csv.xz".into()));
    assert_eq!(detected("sales.csv.gz", CSV), ("csv", None, "csv.gz".into()));
    assert_eq!(detected("sales.csv.gz", PNG), ("image", None, "csv.gz".into()));
    assert_eq!(detected("photo.jpg", GZIP), ("archive", None, "jpg".into()));
    assert_eq!(detected("photo.jpg.gz", GZIP), ("image", gzip, "jpg.gz".into()));
    assert_eq!(detected("x.tar.gz", GZIP), ("archive", None, "tar.gz".into()));
    assert_eq!(detected("x.gz", GZIP), ("archive", None, "gz".into()));
    assert_eq!(detected("x.zip", GZIP), ("archive", None, "zip".into()));
    assert_eq!(detected("x.bin", GZIP), ("archive", None, "bin".into()));
    assert_eq!(detected("x.bin.gz", GZIP), ("binary", gzip, "bin.gz".into()));
    assert_eq!(detected("x", GZIP), ("archive", None, String::new()));
    // The reader of R's files decompresses them itself.
    assert_eq!(detected("x.rds", GZIP), ("rdata", None, "rds".into()));
    assert_eq!(detected("x.joblib", GZIP), ("joblib", None, "joblib".into()));
}

#[test]
fn every_compression_is_known_by_its_magic_bytes_or_has_none() {
    let cases: [(Compression, &[u8]); 6] = [
        (Compression::Gzip, GZIP),
        (Compression::Bzip2, b"BZh91AY&SY\x94"),
        (Compression::Xz, b"\xfd7zXZ\0\0\x04"),
        (Compression::Zstd, b"\x28\xb5\x2f\xfd\x04"),
        (Compression::Lzip, b"LZIP\x01\x0c"),
        (Compression::Lzma, b"\x5d\0\0\x80\0\xff\xff"),
    ];
    for (compression, magic) in cases {
        let name = format!("rows.jsonl.{}", compression.extension());
        assert_eq!(detected(&name, magic).1, Some(compression), "{name}");
        check("nameless", magic, "archive");
    }
}

#[test]
fn media_types_follow_the_extension_unless_it_lies() {
    assert_eq!(detect("a.tsv", CSV).mime(), "text/tab-separated-values");
    assert_eq!(detect("a.tsv.gz", GZIP).mime(), "application/gzip");
    assert_eq!(detect("a.tar.gz", GZIP).mime(), "application/gzip");
    assert_eq!(detect("a.csv", PNG).mime(), "image/png");
    assert_eq!(detect("a", b"\0").mime(), "application/octet-stream");
}

#[test]
fn the_kind_of_a_name_needs_no_content() {
    assert_eq!(kind_of("plots/a.PNG"), Kind::Image);
    assert_eq!(kind_of("sales.csv.gz"), Kind::Data);
    assert_eq!(kind_of("x.tar.gz"), Kind::Archive);
    assert_eq!(kind_of("README"), Kind::Text);
    assert_eq!(kind_of("noname"), Kind::Binary);
    assert_eq!(kind_of(""), Kind::Binary);
}

#[test]
fn a_file_is_read_from_its_beginning_wherever_the_reader_stands() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stored.bin");
    std::fs::write(&path, [PNG, &[0; 2 * HEAD_BYTES]].concat()).unwrap();
    let mut file = std::fs::File::open(&path).unwrap();
    std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(100)).unwrap();
    assert_eq!(detect_from("sales.csv", &mut file).unwrap().file_type.name, "image");
    assert_eq!(detect_path("sales.csv", &path).unwrap().file_type.name, "image");
}

#[test]
fn what_is_no_regular_file_is_refused_rather_than_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let refused = detect_path("a.csv", folder.path()).unwrap_err();
    assert_eq!(refused.to_string(), "not a regular file");
    let missing = detect_path("a.csv", folder.path().join("missing.csv")).unwrap_err();
    assert_eq!(missing.kind(), std::io::ErrorKind::NotFound);
}

#[test]
fn every_type_is_found_by_each_of_its_extensions() {
    for file_type in FileType::all() {
        for extension in file_type.extensions {
            check(&format!("x.{extension}"), b"", file_type.name);
        }
    }
}
