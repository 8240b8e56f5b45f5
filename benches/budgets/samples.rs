//! Times that were measured, and what they come to.

use std::{
    thread,
    time::{Duration, Instant},
};

/// Durations of one thing, sorted.
pub(crate) struct Samples(Vec<Duration>);

impl Samples {
    /// Takes `count` samples after a tenth as many that do not count.
    pub(crate) fn take(count: usize, mut measured: impl FnMut()) -> Self {
        for _ in 0..count.div_ceil(10) {
            measured();
        }
        Self::from((0..count).map(|_| time(&mut measured)).collect::<Vec<_>>())
    }

    /// The same with a pause before each, which costs whatever runs next its caches and the processor's sleep.
    pub(crate) fn take_with_pauses(count: usize, pause: Duration, mut measured: impl FnMut()) -> Self {
        let paused = || {
            thread::sleep(pause);
            time(&mut measured)
        };
        Self::from(std::iter::repeat_with(paused).take(count).collect::<Vec<_>>())
    }

    /// The value below which this share of the samples lies.
    pub(crate) fn quantile(&self, share: f64) -> Duration {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "an index"
        )]
        let index = (self.0.len() as f64 * share) as usize;
        self.0[index.min(self.0.len() - 1)]
    }

    pub(crate) fn median(&self) -> Duration {
        self.quantile(0.5)
    }

    pub(crate) fn p99(&self) -> Duration {
        self.quantile(0.99)
    }

    /// How many times the median of others fits into this median.
    pub(crate) fn over(&self, others: &Self) -> f64 {
        self.median().as_secs_f64() / others.median().as_secs_f64()
    }

    /// The first of several rounds with the smallest median: the one least disturbed by other work on the machine.
    pub(crate) fn best(rounds: Vec<Self>) -> Self {
        rounds.into_iter().min_by_key(Self::median).expect("a round")
    }
}

impl From<Vec<Duration>> for Samples {
    fn from(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }
}

/// A time as the tables have it.
pub(crate) fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// How long something takes.
fn time(measured: &mut impl FnMut()) -> Duration {
    let start = Instant::now();
    measured();
    start.elapsed()
}
