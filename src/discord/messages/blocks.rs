//! The code in a message (U10).

/// What opens and closes a block.
const FENCE: &str = "```";
/// How blocks of Python are marked; blocks without a mark are Python too.
const PYTHON: [&str; 6] = ["py", "python", "python3", "py3", "pycon", "ipython"];

/// The blocks of Python in a message, those without anything in them left out.
pub(in crate::discord) fn python_blocks(text: &str) -> Vec<String> {
    let mut parts = text.split(FENCE);
    let mut blocks = Vec::new();
    // What stands before the first fence, and between blocks, is no code; nor is what a fence opens and none closes.
    parts.next();
    let inside: Vec<_> = parts.collect();
    for block in inside.chunks(2).filter(|block| block.len() == 2) {
        let (language, code) = language_of(block[0]);
        let is_python = language.is_none_or(|language| PYTHON.contains(&language.to_ascii_lowercase().as_str()));
        if is_python && !code.trim().is_empty() {
            blocks.push(code.trim_matches('\n').to_owned());
        }
    }
    blocks
}

/// The code that somebody sent in a form: himself, or in a block.
pub(in crate::discord) fn code_of(text: &str) -> String {
    python_blocks(text).into_iter().next().unwrap_or_else(|| text.to_owned())
}

/// The word on the line of the fence, if the code begins on the next.
fn language_of(block: &str) -> (Option<&str>, &str) {
    let Some((first, code)) = block.split_once('\n') else { return (None, block) };
    let first = first.trim();
    let is_language = first.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '+' | '-' | '#' | '_'));
    match (first.is_empty(), is_language) {
        (true, _) => (None, code),
        (false, true) => (Some(first), code),
        (false, false) => (None, block),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// U10
    #[test]
    fn blocks_of_python_are_found_and_others_are_not() {
        let text = "See ```py\nprint(1)\n``` and\n```\nprint(2)\n```\n```js\nalert(1)\n```\n||```Python\nprint(3)```||";
        assert_eq!(python_blocks(text), ["print(1)", "print(2)", "print(3)"]);
    }

    /// U10, bad input of issue 6
    #[test]
    fn empty_blocks_and_fences_that_are_not_closed_are_no_code() {
        for text in ["", "``````", "```py\n```", "```py\n\n```", "```py\nprint(1)", "print(1)", "`print(1)`"] {
            assert_eq!(python_blocks(text), Vec::<String>::new(), "{text:?}");
        }
        assert_eq!(python_blocks(&"`".repeat(4000)), Vec::<String>::new());
    }

    /// U10
    #[test]
    fn code_on_one_line_keeps_its_first_word() {
        assert_eq!(python_blocks("```print(1)```"), ["print(1)"]);
        assert_eq!(python_blocks("```x = 1\nprint(x)```"), ["x = 1\nprint(x)"]);
        assert_eq!(code_of("print(1)"), "print(1)");
        assert_eq!(code_of("```py\nprint(1)\n```"), "print(1)");
    }
}
