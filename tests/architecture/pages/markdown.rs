//! What the tests look for in a page.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// The cells of a table's row, each with its `code spans`.
pub(crate) type Row = Vec<Vec<String>>;

/// Every fenced block of code in this language: `rust`, `console` …
pub(crate) fn code_blocks(page: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut inside = false;
    for event in parse(page) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if *info == *language => {
                blocks.push(String::new());
                inside = true;
            }
            Event::Text(text) if inside => blocks.last_mut().unwrap().push_str(&text),
            Event::End(TagEnd::CodeBlock) => inside = false,
            _ => {}
        }
    }
    blocks
}

/// The text of every `code span`, also in tables.
pub(crate) fn code_spans(page: &str) -> Vec<String> {
    let spans = parse(page).filter_map(|event| match event {
        Event::Code(text) => Some(text.into_string()),
        _ => None,
    });
    spans.collect()
}

/// Where the links lead.
pub(crate) fn links(page: &str) -> Vec<String> {
    let links = parse(page).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url.into_string()),
        _ => None,
    });
    links.collect()
}

/// The rows of the table whose first column is headed so.
pub(crate) fn table(page: &str, heading: &str) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let (mut head, mut in_head, mut is_wanted) = (String::new(), false, false);
    for event in parse(page) {
        match event {
            Event::Start(Tag::TableHead) => (head, in_head) = (String::new(), true),
            Event::Text(text) if in_head => head.push_str(&text),
            Event::End(TagEnd::TableCell) if in_head => (is_wanted, in_head) = (head == heading, false),
            Event::End(TagEnd::Table) => is_wanted = false,
            Event::Start(Tag::TableRow) if is_wanted => rows.push(Row::new()),
            Event::Start(Tag::TableCell) if is_wanted => {
                if let Some(row) = rows.last_mut() {
                    row.push(Vec::new());
                }
            }
            Event::Code(text) if is_wanted => {
                if let Some(cell) = rows.last_mut().and_then(|row| row.last_mut()) {
                    cell.push(text.into_string());
                }
            }
            _ => {}
        }
    }
    rows
}

fn parse(page: &str) -> Parser<'_> {
    Parser::new_ext(page, Options::ENABLE_TABLES)
}
