//! Markdown as a terminal shows it, piece by piece as it comes.
//!
//! Only what can be told without knowing what follows is shown otherwise than it is written: headings and strong text
//! bold, code in a colour. Where standard output is no terminal, everything stays as it is written.

use console::Style;

/// A text that comes in pieces.
pub(super) struct Markdown {
    is_styled: bool,
    /// Marks whose meaning cannot be told yet.
    held: String,
    line: Line,
    code: Code,
    is_strong: bool,
}

/// What stands on the line so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Nothing,
    /// The marks of a heading, which are not shown.
    Marks,
    Heading,
    Text,
}

/// Whether what follows is code.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Code {
    No,
    InLine,
    Fenced,
}

impl Markdown {
    pub(super) fn for_stdout() -> Self {
        Self::new(console::colors_enabled())
    }

    fn new(is_styled: bool) -> Self {
        Self { is_styled, held: String::new(), line: Line::Nothing, code: Code::No, is_strong: false }
    }

    /// What is to be written now that this has come.
    pub(super) fn add(&mut self, text: &str) -> String {
        if !self.is_styled {
            return text.to_owned();
        }
        let mut shown = String::new();
        for character in text.chars() {
            if is_mark(character) {
                // A run of one mark decides together.
                if !self.held.is_empty() && !self.held.ends_with(character) {
                    self.settle(&mut shown);
                }
                self.held.push(character);
                continue;
            }
            self.settle(&mut shown);
            self.put(character, &mut shown);
        }
        shown
    }

    /// What was held back, and the end of the last line.
    pub(super) fn end(&mut self) -> String {
        let mut shown = String::new();
        self.settle(&mut shown);
        let is_begun = matches!(self.line, Line::Heading | Line::Text);
        *self = Self::new(self.is_styled);
        if is_begun {
            shown.push('\n');
        }
        shown
    }

    /// Decides what marks mean.
    fn settle(&mut self, shown: &mut String) {
        let marks = std::mem::take(&mut self.held);
        let begins = self.line == Line::Nothing;
        match (marks.as_str(), self.code) {
            ("", _) => {}
            (fence, Code::No | Code::Fenced) if fence.starts_with("```") && begins => {
                let after = if self.code == Code::Fenced { Code::No } else { Code::Fenced };
                self.code = Code::Fenced;
                self.style_to(fence, shown);
                self.code = after;
            }
            ("`", Code::No) => self.code = Code::InLine,
            ("`", Code::InLine) => self.code = Code::No,
            (heading, Code::No) if heading.starts_with('#') && begins => self.line = Line::Marks,
            ("**", Code::No) => self.is_strong = !self.is_strong,
            ("*", Code::No) if begins => self.style_to("•", shown),
            _ => self.style_to(&marks, shown),
        }
    }

    fn put(&mut self, character: char, shown: &mut String) {
        match (character, self.line) {
            ('\n', _) => {
                shown.push('\n');
                self.line = Line::Nothing;
            }
            // The blank after the marks of a heading goes with them.
            (' ', Line::Marks) => {}
            _ => self.style_to(character.encode_utf8(&mut [0; 4]), shown),
        }
    }

    fn style_to(&mut self, text: &str, shown: &mut String) {
        self.line = if matches!(self.line, Line::Marks | Line::Heading) { Line::Heading } else { Line::Text };
        let style = Style::new().force_styling(true);
        if self.code != Code::No {
            shown.push_str(&style.cyan().apply_to(text).to_string());
        } else if self.is_strong || self.line == Line::Heading {
            shown.push_str(&style.bold().apply_to(text).to_string());
        } else {
            shown.push_str(text);
        }
    }
}

fn is_mark(character: char) -> bool {
    matches!(character, '*' | '`' | '#')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text as a terminal without colours would show it.
    fn shown(pieces: &[&str]) -> String {
        let mut markdown = Markdown::new(true);
        let mut text: String = pieces.iter().map(|piece| markdown.add(piece)).collect();
        text.push_str(&markdown.end());
        console::strip_ansi_codes(&text).into_owned()
    }

    #[test]
    fn marks_go_away_and_the_words_stay() {
        assert_eq!(shown(&["## The **mean** of `x`\n* first\n"]), "The mean of x\n• first\n");
        assert_eq!(shown(&["```python\na ** 2  # **not** bold\n```\n"]), "```python\na ** 2  # **not** bold\n```\n");
        assert_eq!(shown(&["2 * 3 is #1"]), "2 * 3 is #1\n");
    }

    #[test]
    fn it_does_not_matter_where_a_piece_ends() {
        let text = "# A\n**strong** and `a*b`\n```\n# no heading\n```\nend";
        let whole = Markdown::new(true).add(text);
        let mut markdown = Markdown::new(true);
        let pieces: String = text.chars().map(|character| markdown.add(&character.to_string())).collect();
        assert_eq!(pieces, whole);
    }

    #[test]
    fn strong_words_and_code_are_styled() {
        assert_eq!(Markdown::new(true).add("**a** `b` c"), "\u{1b}[1ma\u{1b}[0m \u{1b}[36mb\u{1b}[0m c");
    }

    #[test]
    fn without_a_terminal_everything_stays_as_it_is() {
        let mut markdown = Markdown::new(false);
        assert_eq!(markdown.add("**a** `b`"), "**a** `b`");
    }
}
