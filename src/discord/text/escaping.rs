//! Nothing breaks out of where it stands (U12). That nothing pings is seen to elsewhere: no message that is sent may
//! mention anybody.

/// What parts backticks without being seen.
const ZERO_WIDTH: char = '\u{200b}';

/// A block of code that ends where it should, whatever is in it.
///
/// ```text
/// fenced("print('```')", "py")
/// ```
pub(in crate::discord) fn fenced(text: &str, language: &str) -> String {
    let text = within_fence(text);
    let end = if text.ends_with('\n') || text.is_empty() { "" } else { "\n" };
    format!("```{language}\n{text}{end}```")
}

/// Text as it may stand in a block of code: no three backticks follow each other, not even at its end.
pub(in crate::discord) fn within_fence(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut ticks = 0;
    for char in text.chars().filter(|char| is_shown(*char)) {
        ticks = if char == '`' { ticks + 1 } else { 0 };
        if ticks == 3 {
            shown.push(ZERO_WIDTH);
            ticks = 1;
        }
        shown.push(char);
    }
    shown
}

/// A name or id as inline code, on one line.
pub(in crate::discord) fn code(text: &str) -> String {
    let text = one_line(text, usize::MAX).replace('`', "ˋ");
    if text.is_empty() { "` `".to_owned() } else { format!("`{text}`") }
}

/// Text on one line, without formatting, and no longer than this many characters.
pub(in crate::discord) fn one_line(text: &str, longest: usize) -> String {
    let mut words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.retain(is_shown);
    if words.chars().count() <= longest {
        return words;
    }
    let mut cut: String = words.chars().take(longest.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// Text on one line in which nothing is formatting.
pub(in crate::discord) fn plain(text: &str, longest: usize) -> String {
    let text = one_line(text, longest);
    let mut shown = String::with_capacity(text.len());
    for char in text.chars() {
        if matches!(char, '\\' | '`' | '*' | '_' | '~' | '|' | '>' | '#' | '[' | ']' | '<' | '@') {
            shown.push('\\');
        }
        shown.push(char);
    }
    shown
}

/// Marks that turn the direction of what follows, and control characters, are not shown.
fn is_shown(char: char) -> bool {
    let turns = matches!(char, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !turns && (!char.is_control() || matches!(char, '\n' | '\t' | '\x1b'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// U12
    #[test]
    fn no_text_breaks_out_of_a_fence() {
        for text in ["```", "``", "a```\n@everyone", &"`".repeat(4000), "x`", "```py\nx\n```", "\u{202e}```"] {
            let fenced = fenced(text, "py");
            assert_eq!(fenced.matches("```").count(), 2, "{fenced:?}");
            assert!(fenced.starts_with("```py\n") && fenced.ends_with("\n```"), "{fenced:?}");
        }
    }

    /// U12
    #[test]
    fn an_ordinary_text_stands_in_a_fence_as_it_is() {
        assert_eq!(fenced("a `b` c\n", ""), "```\na `b` c\n```");
        assert_eq!(fenced("", ""), "```\n```");
    }

    /// U12
    #[test]
    fn a_name_is_one_line_of_code() {
        assert_eq!(code("a`b\nc"), "`aˋb c`");
        assert_eq!(code(""), "` `");
        assert_eq!(code("\u{202e}fdp.exe"), "`fdp.exe`");
    }

    /// U12
    #[test]
    fn plain_text_has_no_formatting() {
        assert_eq!(plain("**@everyone** `x`\n<#1>", 100), r"\*\*\@everyone\*\* \`x\` \<\#1\>");
        assert_eq!(plain("abcdef", 4), "abc…");
    }
}
