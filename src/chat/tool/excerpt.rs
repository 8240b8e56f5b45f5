//! A long text in short: its beginning and its end.

/// A part of a text, and how much of it is missing.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::chat) struct Excerpt {
    pub(in crate::chat) text: String,
    /// In bytes.
    pub(in crate::chat) left_out: usize,
}

/// The first and the last bytes of a text that is longer than both together, whole characters only.
pub(in crate::chat) fn excerpt(text: &str, head: usize, tail: usize) -> Excerpt {
    if text.len() <= head + tail {
        return Excerpt { text: text.to_owned(), left_out: 0 };
    }
    let (head, tail) = (text.floor_char_boundary(head), text.ceil_char_boundary(text.len() - tail));
    let left_out = tail - head;
    Excerpt { text: format!("{}\n[… {left_out} bytes left out …]\n{}", &text[..head], &text[tail..]), left_out }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A3
    #[test]
    fn of_a_long_text_beginning_and_end_are_shown() {
        assert_eq!(excerpt("abcdef", 4, 2), Excerpt { text: "abcdef".to_owned(), left_out: 0 });
        let cut = Excerpt { text: "ab\n[… 3 bytes left out …]\nfg".to_owned(), left_out: 3 };
        assert_eq!(excerpt("abcdefg", 2, 2), cut);
        // No character is cut in two.
        assert_eq!(excerpt("ääää", 3, 3).text, "ä\n[… 4 bytes left out …]\nä");
    }
}
