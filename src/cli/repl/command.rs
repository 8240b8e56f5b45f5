//! What can be typed besides Python: words that begin with a slash, which no statement does.

/// A command of the prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// End the session.
    Reset,
    /// List the files of the session's folder.
    Files,
    /// Say what can be typed.
    Help,
}

/// Each command as it is typed, with what it does.
pub(super) const ALL: [(&str, Command, &str); 3] = [
    ("/reset", Command::Reset, "forgets everything: variables, imports, files"),
    ("/files", Command::Files, "lists the files the code can open"),
    ("/help", Command::Help, "shows this"),
];

impl Command {
    /// Reads a command. `None` for code; of a command there is none of, what was typed.
    pub(super) fn read(typed: &str) -> Option<Result<Self, &str>> {
        let typed = typed.trim();
        if !typed.starts_with('/') {
            return None;
        }
        let found = ALL.iter().find(|(name, ..)| *name == typed);
        Some(found.map(|(_, command, _)| *command).ok_or(typed))
    }
}

/// What can be typed, line by line.
pub(super) fn help() -> Vec<String> {
    let mut lines: Vec<_> = ALL.iter().map(|(name, _, what)| format!("{name:<8} {what}")).collect();
    lines.extend(
        [
            "exit()   leaves, and so does Ctrl-D; exit(3) with exit code 3",
            "Tab      completes names and attributes, and indents at the beginning of a line",
            "↑ ↓      earlier inputs; Ctrl-R searches them",
            "Ctrl-C   clears what is typed; cancels what runs, and a second one leaves",
            "An empty line ends a block. The value of the last expression is shown and kept as _.",
        ]
        .map(str::to_owned),
    );
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_with_a_slash_is_a_command_or_a_mistake() {
        assert_eq!(Command::read("/reset\n"), Some(Ok(Command::Reset)));
        assert_eq!(Command::read(" /nothing"), Some(Err("/nothing")));
        assert_eq!(Command::read("1 / 2"), None);
    }
}
