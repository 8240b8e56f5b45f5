//! A line on standard error that says what is going on, when somebody is looking.

use std::{
    mem,
    time::{Duration, Instant},
};

use console::{Term, truncate_str};
use tokio::time::{self, Interval, MissedTickBehavior};

use crate::cli::terminal;

/// Shorter waits are not worth a line.
const FIRST_TICK: Duration = Duration::from_millis(300);
const TICK: Duration = Duration::from_millis(100);
/// Room for the spinner itself, and for ^C behind the words.
const MARGIN: usize = 6;
const FRAMES: [char; 10] = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/// What is going on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Stage {
    /// Python is being started.
    Starting,
    /// The run waits for others.
    Queued {
        /// Its place, from 1.
        place: usize,
    },
    /// Packages are being installed.
    Installing {
        /// Their names.
        packages: Vec<String>,
    },
    /// The code runs.
    Running {
        /// The moment it started or went on.
        since: Instant,
    },
    /// A language model is asked.
    Thinking {
        /// The moment it was asked.
        since: Instant,
    },
    /// The run was asked to stop.
    Stopping,
}

impl Stage {
    fn words(&self) -> String {
        match self {
            Self::Starting => "starting Python".to_owned(),
            Self::Queued { place } => format!("queued ({place})"),
            Self::Installing { packages } => format!("installing {}", packages.join(", ")),
            Self::Running { since } => format!("running {} s", since.elapsed().as_secs()),
            Self::Thinking { since } => format!("thinking {} s", since.elapsed().as_secs()),
            Self::Stopping => "stopping; Ctrl-C again ends at once".to_owned(),
        }
    }
}

/// When to turn the spinner.
pub(in super::super) fn ticks() -> Interval {
    let mut ticks = time::interval_at(time::Instant::now() + FIRST_TICK, TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// The line, drawn on a terminal only. It leaves the rest of its line empty, so that a ^C the terminal writes there
/// goes away with it; progress bars fill their line, and the ^C would break it in two.
#[derive(Default)]
pub(super) struct Spinner {
    /// How often the line was drawn.
    turns: usize,
    is_visible: bool,
}

impl Spinner {
    /// Draws the line, or draws it anew.
    pub(super) fn tick(&mut self, stage: &Stage) {
        let terminal = Term::stderr();
        if terminal.is_term() {
            let width = usize::from(terminal.size().1).saturating_sub(MARGIN);
            let frame = FRAMES[self.turns % FRAMES.len()];
            terminal::redraw_line(&format!("{frame} {}", truncate_str(&stage.words(), width, "…")));
            self.turns += 1;
            self.is_visible = true;
        }
    }

    /// Takes the line away, so that something else can be written there.
    pub(super) fn clear(&mut self) {
        if mem::take(&mut self.is_visible) {
            terminal::redraw_line("");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stage_says_what_is_going_on() {
        let three_seconds_ago = Instant::now().checked_sub(Duration::from_secs(3)).unwrap();
        assert_eq!(Stage::Queued { place: 2 }.words(), "queued (2)");
        assert_eq!(Stage::Running { since: three_seconds_ago }.words(), "running 3 s");
        let packages = vec!["rich".to_owned(), "slugify".to_owned()];
        assert_eq!(Stage::Installing { packages }.words(), "installing rich, slugify");
    }
}
