//! Rows for tables, nested values and databases.

use super::super::{file_type::FileType, kind::Kind};

const ARROW_FILE: &str = "application/vnd.apache.arrow.file";
const SPREADSHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(super) static ROWS: &[FileType] = &[
    FileType::new("csv", Kind::Data, "text/csv", &["csv", "tsv", "tab"])
        .other_mimes(&[("tsv", "text/tab-separated-values"), ("tab", "text/tab-separated-values")]),
    FileType::new("excel", Kind::Data, SPREADSHEET, &["xlsx", "xls", "xlsm", "xlsb"]).other_mimes(&[
        ("xls", "application/vnd.ms-excel"),
        ("xlsm", "application/vnd.ms-excel.sheet.macroEnabled.12"),
        ("xlsb", "application/vnd.ms-excel.sheet.binary.macroEnabled.12"),
    ]),
    FileType::new("ods", Kind::Data, "application/vnd.oasis.opendocument.spreadsheet", &["ods"]),
    FileType::new("numbers", Kind::Data, "application/vnd.apple.numbers", &["numbers"]),
    FileType::new("parquet", Kind::Data, "application/vnd.apache.parquet", &["parquet"]),
    // Version 2 of Feather is an Arrow file under another name; version 1 is a format of its own.
    FileType::new("feather", Kind::Data, ARROW_FILE, &["feather"]),
    FileType::new("arrow", Kind::Data, ARROW_FILE, &["arrow"]),
    FileType::new("orc", Kind::Data, "application/x-orc", &["orc"]),
    FileType::new("avro", Kind::Data, "application/avro", &["avro"]),
    FileType::new("stata", Kind::Data, "application/x-stata-dta", &["dta"]),
    FileType::new("spss", Kind::Data, "application/x-spss-sav", &["sav", "zsav", "por"])
        .other_mimes(&[("por", "application/x-spss-por")]),
    FileType::new("sas", Kind::Data, "application/x-sas-data", &["sas7bdat", "xpt"])
        .other_mimes(&[("xpt", "application/x-sas-xport")]),
    FileType::new("rdata", Kind::Data, "application/x-r-data", &["rds", "rda", "rdata"]),
    FileType::new("json", Kind::Structured, "application/json", &["json"]),
    FileType::new("jsonl", Kind::Structured, "application/x-ndjson", &["jsonl", "ndjson"]),
    FileType::new("yaml", Kind::Structured, "application/yaml", &["yaml", "yml"]),
    FileType::new("toml", Kind::Structured, "application/toml", &["toml"]),
    FileType::new("ini", Kind::Structured, "text/plain", &["ini", "cfg", "conf"]),
    FileType::new("properties", Kind::Structured, "text/plain", &["properties"]),
    // `.env.local` and the like are seen to by `file_name`.
    FileType::new("env", Kind::Structured, "text/plain", &["env"]).file_names(&[".env"]),
    FileType::new("xml", Kind::Structured, "application/xml", &["xml"]),
    FileType::new("plist", Kind::Structured, "application/x-plist", &["plist"]),
    FileType::new("msgpack", Kind::Structured, "application/msgpack", &["msgpack"]),
    FileType::new("bson", Kind::Structured, "application/bson", &["bson"]),
    FileType::new("cbor", Kind::Structured, "application/cbor", &["cbor"]),
    FileType::new("protobuf", Kind::Structured, "application/protobuf", &["pb", "protobuf"]),
    // `.db` may be either database; content tells them apart.
    FileType::new("sqlite", Kind::Database, "application/vnd.sqlite3", &["db", "sqlite", "sqlite3"]),
    FileType::new("duckdb", Kind::Database, "application/x-duckdb", &["duckdb"]),
    FileType::new("sql", Kind::Database, "application/sql", &["sql"]),
    FileType::new("access", Kind::Database, "application/x-msaccess", &["mdb", "accdb"]),
];
