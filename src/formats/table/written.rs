//! Rows for what people write: text, documents, web pages and code.

use super::super::{file_type::FileType, kind::Kind};

const PRESENTATION: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

const TEXT_EXTENSIONS: &[&str] = &["txt", "text", "md", "markdown", "rst", "tex", "log", "out", "err", "adoc", "org"];

/// Names that are written without an extension by custom.
const TEXT_FILE_NAMES: &[&str] =
    &["readme", "license", "licence", "copying", "notice", "authors", "contributors", "changelog", "changes", "todo"];

/// `.ts` is TypeScript, though video streams use it too; `.m` MATLAB or Objective-C; `.s` and `.asm` assembly.
const CODE_EXTENSIONS: &[&str] = &[
    "py", "pyw", "r", "rmd", "js", "jsx", "ts", "tsx", "java", "c", "h", "cpp", "hpp", "cs", "go", "rs", "rb", "php",
    "swift", "kt", "kts", "scala", "sh", "bash", "zsh", "ps1", "bat", "lua", "pl", "jl", "nim", "asm", "s", "dart",
    "m",
];

const CODE_FILE_NAMES: &[&str] =
    &["makefile", "gnumakefile", "dockerfile", "containerfile", "jenkinsfile", "vagrantfile", "gemfile", "rakefile"];

pub(super) static ROWS: &[FileType] = &[
    FileType::new("text", Kind::Text, "text/plain", TEXT_EXTENSIONS).file_names(TEXT_FILE_NAMES).other_mimes(&[
        ("md", "text/markdown"),
        ("markdown", "text/markdown"),
        ("rst", "text/x-rst"),
        ("tex", "text/x-tex"),
        ("adoc", "text/asciidoc"),
        ("org", "text/org"),
    ]),
    FileType::new("rtf", Kind::Text, "application/rtf", &["rtf"]),
    FileType::new("pdf", Kind::Pdf, "application/pdf", &["pdf"]),
    FileType::new("doc", Kind::Document, "application/msword", &["doc"]),
    FileType::new("docx", Kind::Document, WORD, &["docx"]),
    FileType::new("odt", Kind::Document, "application/vnd.oasis.opendocument.text", &["odt"]),
    FileType::new("ppt", Kind::Document, "application/vnd.ms-powerpoint", &["ppt"]),
    FileType::new("pptx", Kind::Document, PRESENTATION, &["pptx"]),
    FileType::new("epub", Kind::Document, "application/epub+zip", &["epub"]),
    FileType::new("mobi", Kind::Document, "application/x-mobipocket-ebook", &["mobi"]),
    FileType::new("html", Kind::Html, "text/html", &["html", "htm", "css", "scss", "sass", "less", "vue", "svelte"])
        .other_mimes(&[
            ("css", "text/css"),
            ("scss", "text/x-scss"),
            ("sass", "text/x-sass"),
            ("less", "text/x-less"),
            ("vue", "text/plain"),
            ("svelte", "text/plain"),
        ]),
    FileType::new("code", Kind::Code, "text/plain", CODE_EXTENSIONS).file_names(CODE_FILE_NAMES).other_mimes(&[
        ("py", "text/x-python"),
        ("pyw", "text/x-python"),
        ("js", "text/javascript"),
        ("jsx", "text/javascript"),
        ("sh", "text/x-shellscript"),
        ("bash", "text/x-shellscript"),
        ("zsh", "text/x-shellscript"),
    ]),
    FileType::new("notebook", Kind::Code, "application/x-ipynb+json", &["ipynb"]),
];
