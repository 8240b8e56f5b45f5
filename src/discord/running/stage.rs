//! What is shown while code runs (U3): where it is, and the end of what it has printed.

use std::time::Instant;

use crate::{
    discord::text::escaping::{fenced, plain},
    interpreter::Event,
};

/// How much of the output is shown, in characters.
const TAIL: usize = 900;
/// How many lines of it.
const TAIL_LINES: usize = 15;

/// Where a run is.
#[derive(Clone, Debug)]
pub(in crate::discord) struct Stage {
    at: At,
    tail: String,
}

#[derive(Clone, Debug)]
enum At {
    Queued { place: usize },
    Installing { packages: Vec<String> },
    Running { since: Instant },
}

impl Stage {
    /// Nothing is known yet of its place in the queue.
    pub(in crate::discord) fn new() -> Self {
        Self { at: At::Queued { place: 1 }, tail: String::new() }
    }

    pub(in crate::discord) fn take(&mut self, event: &Event) {
        match event {
            Event::Queued { place } => self.at = At::Queued { place: *place },
            Event::Installing { packages } => self.at = At::Installing { packages: packages.clone() },
            Event::Started | Event::Installed { .. } => self.at = At::Running { since: Instant::now() },
            Event::Stdout { text } | Event::Stderr { text } => self.tail_on(text),
            Event::Display(display) => self.tail_on(&format!("{}\n", display.text)),
            _ => {}
        }
    }

    /// The stage line, with the live tail of the output.
    pub(in crate::discord) fn text(&self) -> String {
        let line = match &self.at {
            At::Queued { place } => format!("⏳ Queued ({place})"),
            At::Installing { packages } => format!("📦 Installing {}", plain(&packages.join(", "), 200)),
            At::Running { since } => format!("🐍 Running… {}s", since.elapsed().as_secs()),
        };
        let tail = self.tail.trim_end();
        if tail.is_empty() { line } else { format!("{line}\n{}", fenced(tail, "")) }
    }

    fn tail_on(&mut self, text: &str) {
        self.tail.push_str(text);
        let lines = self.tail.trim_end().rmatch_indices('\n').nth(TAIL_LINES - 1).map_or(0, |(at, _)| at + 1);
        let characters = self.tail.char_indices().rev().nth(TAIL).map_or(0, |(at, _)| at);
        self.tail.drain(..lines.max(characters));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(text: &str) -> Event {
        Event::Stdout { text: text.to_owned() }
    }

    /// U3
    #[test]
    fn the_stage_line_says_where_a_run_is() {
        let mut stage = Stage::new();
        stage.take(&Event::Queued { place: 3 });
        assert_eq!(stage.text(), "⏳ Queued (3)");
        stage.take(&Event::Started);
        assert_eq!(stage.text(), "🐍 Running… 0s");
        stage.take(&Event::Installing { packages: vec!["six".to_owned(), "rich".to_owned()] });
        assert_eq!(stage.text(), "📦 Installing six, rich");
        stage.take(&Event::Installed { packages: vec![], failed: vec![] });
        stage.take(&print("one\n"));
        assert_eq!(stage.text(), "🐍 Running… 0s\n```\none\n```");
    }

    /// U3, U12
    #[test]
    fn the_live_tail_is_short_and_stays_in_its_fence() {
        let mut stage = Stage::new();
        stage.take(&Event::Started);
        let lines = |numbers: std::ops::RangeInclusive<u32>| {
            numbers.map(|number| number.to_string()).collect::<Vec<_>>().join("\n")
        };
        stage.take(&print(&lines(1..=100)));
        assert_eq!(stage.text(), format!("🐍 Running… 0s\n```\n{}\n```", lines(86..=100)));
        stage.take(&print(&"`".repeat(10_000)));
        assert!(stage.text().chars().count() < 2000);
        assert_eq!(stage.text().matches("```").count(), 2);
    }
}
