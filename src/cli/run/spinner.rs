//! A line on standard error that says what is going on, when somebody is looking.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use tokio::time::{self, Interval, MissedTickBehavior};

/// Shorter waits are not worth a line.
const FIRST_TICK: Duration = Duration::from_millis(300);
const TICK: Duration = Duration::from_millis(100);

/// What is going on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stage {
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
            Self::Stopping => "stopping; Ctrl-C again ends at once".to_owned(),
        }
    }
}

/// When to turn the spinner.
pub(super) fn ticks() -> Interval {
    let mut ticks = time::interval_at(time::Instant::now() + FIRST_TICK, TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// The line, drawn on a terminal only.
#[derive(Default)]
pub(super) struct Spinner(Option<ProgressBar>);

impl Spinner {
    /// Draws the line, or draws it anew.
    pub(super) fn tick(&mut self, stage: &Stage) {
        let bar = self.0.get_or_insert_with(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
                bar.set_style(style);
            }
            bar
        });
        bar.set_message(stage.words());
        bar.tick();
    }

    /// Takes the line away, so that something else can be written there.
    pub(super) fn clear(&mut self) {
        if let Some(bar) = self.0.take() {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stage_says_what_is_going_on() {
        let three_seconds_ago = Instant::now() - Duration::from_secs(3);
        assert_eq!(Stage::Queued { place: 2 }.words(), "queued (2)");
        assert_eq!(Stage::Running { since: three_seconds_ago }.words(), "running 3 s");
        let packages = vec!["rich".to_owned(), "slugify".to_owned()];
        assert_eq!(Stage::Installing { packages }.words(), "installing rich, slugify");
    }
}
