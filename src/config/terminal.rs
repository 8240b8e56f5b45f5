//! What the terminal says of itself in the environment.

use super::sources::environment;

/// How a terminal is sent pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureProtocol {
    /// As iTerm2 began it.
    Inline,
    /// As kitty began it.
    Kitty,
}

impl PictureProtocol {
    /// That of the terminal this program runs in, if it is known to have one.
    #[must_use]
    pub fn of_terminal() -> Option<Self> {
        Self::of(environment)
    }

    fn of(variable: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let is = |name: &str, value: &str| variable(name).is_some_and(|found| found == value);
        if is("TERM", "xterm-kitty") || is("TERM_PROGRAM", "ghostty") {
            return Some(Self::Kitty);
        }
        let inline = ["iTerm.app", "WezTerm", "mintty"].iter().any(|program| is("TERM_PROGRAM", program));
        inline.then_some(Self::Inline)
    }
}

#[cfg(test)]
mod tests {
    use super::PictureProtocol;

    #[test]
    fn terminals_that_show_pictures_are_known_by_their_names() {
        let of = |name: &'static str, value: &'static str| {
            PictureProtocol::of(move |asked| (asked == name).then(|| value.to_owned()))
        };
        assert_eq!(of("TERM", "xterm-kitty"), Some(PictureProtocol::Kitty));
        assert_eq!(of("TERM_PROGRAM", "iTerm.app"), Some(PictureProtocol::Inline));
        assert_eq!(of("TERM", "xterm-256color"), None);
    }
}
