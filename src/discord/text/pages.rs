//! Long text on several messages: cut at line ends, with blocks of code kept whole (U12).

/// What opens and closes a block of code.
const FENCE: &str = "```";

/// Text in pieces of at most so many characters. A block of code that is cut is closed, and opened again with its
/// language; the last piece closes what the text left open. Pieces are never empty, unless the text is.
///
/// `longest` leaves room for fences: at least 40.
pub(in crate::discord) fn pages(text: &str, longest: usize) -> Vec<String> {
    let (mut done, mut page) = (Vec::new(), Page::default());
    for line in text.split_inclusive('\n') {
        for piece in pieces(line, longest - 2 * FENCE.len() - 24) {
            if page.length + piece.chars().count() + page.reserve(piece) > longest {
                let next = page.after();
                done.push(std::mem::replace(&mut page, next).closed());
            }
            page.add(piece);
        }
    }
    let last = page.closed();
    if !last.trim().is_empty() || done.is_empty() {
        done.push(last);
    }
    done
}

/// A message in the making.
#[derive(Default)]
struct Page {
    text: String,
    /// In characters.
    length: usize,
    /// The line that opened the block of code in which the page ends.
    open: Option<String>,
}

impl Page {
    fn add(&mut self, piece: &str) {
        self.text.push_str(piece);
        self.length += piece.chars().count();
        self.open = after_line(self.open.take(), piece);
    }

    /// What is needed to close the page once the piece is in it.
    fn reserve(&self, piece: &str) -> usize {
        if after_line(self.open.clone(), piece).is_some() { FENCE.len() + 1 } else { 0 }
    }

    /// The page that follows, with the same block of code open.
    fn after(&self) -> Self {
        let mut page = Self::default();
        if let Some(opening) = self.open.clone() {
            page.add(&format!("{opening}\n"));
        }
        page
    }

    fn closed(mut self) -> String {
        if self.open.is_some() {
            if !self.text.ends_with('\n') {
                self.text.push('\n');
            }
            self.text.push_str(FENCE);
        }
        self.text.trim_end().to_owned()
    }
}

/// The block of code that is open after a line.
fn after_line(mut open: Option<String>, line: &str) -> Option<String> {
    let mut rest = line;
    while let Some(at) = rest.find(FENCE) {
        rest = &rest[at + FENCE.len()..];
        open = match open {
            Some(_) => None,
            None => Some(format!("{FENCE}{}", language(rest))),
        };
    }
    open
}

/// The word right after a fence, if the line ends with it.
fn language(rest: &str) -> &str {
    let word = rest.trim_end();
    let is_language =
        word.len() <= 20 && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-_#".contains(&byte));
    if is_language { word } else { "" }
}

/// A line in pieces of at most so many characters, where that is possible at spaces.
fn pieces(line: &str, longest: usize) -> Vec<&str> {
    let (mut rest, mut pieces) = (line, Vec::new());
    while let Some((end, _)) = rest.char_indices().nth(longest) {
        let cut = rest[..end].rfind(' ').map(|space| space + 1).filter(|cut| *cut > end / 2).unwrap_or(end);
        let (piece, after) = rest.split_at(cut);
        pieces.push(piece);
        rest = after;
    }
    pieces.push(rest);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    /// U12
    #[test]
    fn short_text_is_one_page_as_it_is() {
        assert_eq!(pages("a\nb", 100), ["a\nb"]);
        assert_eq!(pages("", 100), [""]);
    }

    /// U12
    #[test]
    fn long_text_is_split_at_line_ends() {
        let line = "x".repeat(40);
        let text = [line.as_str(); 3].join("\n");
        assert_eq!(pages(&text, 90), [format!("{line}\n{line}"), line.clone()]);
    }

    /// U12
    #[test]
    fn a_block_of_code_that_is_cut_is_closed_and_opened_again() {
        let line = "x".repeat(30);
        let text = format!("See:\n```py\n{line}\n{line}\n{line}\n```\nDone.");
        let expected = [format!("See:\n```py\n{line}\n{line}\n```"), format!("```py\n{line}\n```\nDone.")];
        assert_eq!(pages(&text, 90), expected);
    }

    /// U12
    #[test]
    fn a_block_that_is_not_closed_yet_is_closed_on_each_page() {
        assert_eq!(pages("```py\nprint(1)", 100), ["```py\nprint(1)\n```"]);
    }

    /// U12
    #[test]
    fn nothing_is_longer_than_a_message_may_be_and_nothing_is_lost() {
        let texts =
            ["`".repeat(4000), "ä".repeat(5000), format!("```\n{}\n```", "y ".repeat(3000)), "a\n".repeat(4000)];
        for text in texts {
            let pages = pages(&text, 2000);
            assert!(pages.iter().all(|page| page.chars().count() <= 2000));
            let count = |text: &str| text.chars().filter(|char| "äya".contains(*char)).count();
            assert_eq!(pages.iter().map(|page| count(page)).sum::<usize>(), count(&text));
        }
    }
}
