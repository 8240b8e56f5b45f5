//! Chance that can be repeated.

use std::{env, thread};

/// Random numbers of one test; when it fails, it says how to have the same ones again.
pub(super) struct Chance {
    pub(super) random: fastrand::Rng,
    seed: u64,
}

impl Chance {
    pub(super) fn new() -> Self {
        let seed = env::var("CHAOS_SEED").map_or_else(|_| fastrand::u64(..), |text| text.parse().unwrap());
        Self { random: fastrand::Rng::with_seed(seed), seed }
    }
}

impl Drop for Chance {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("The same numbers once more: CHAOS_SEED={}", self.seed);
        }
    }
}

/// How often each fault happens: `CHAOS_TIMES`, which `make chaos` sets.
pub(super) fn times() -> usize {
    number("CHAOS_TIMES", 2)
}

/// How many things a program does at once: `CHAOS_OPERATIONS`, which `make chaos` sets.
pub(super) fn operations() -> usize {
    number("CHAOS_OPERATIONS", 60)
}

fn number(variable: &str, otherwise: usize) -> usize {
    env::var(variable).map_or(otherwise, |text| text.parse().unwrap())
}
