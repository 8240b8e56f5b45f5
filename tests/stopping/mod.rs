//! Runs end at their time limit and when they are cancelled, and leave everything else as it was.

mod afterwards;
mod cancelling;
mod installing;
mod time_limit;
