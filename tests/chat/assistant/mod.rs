//! The assistant, with a scripted model over real HTTP, real runs of code, and a real catalog.
//!
//! - `given`: what the tests begin with.
//! - `running`: code is run, looked at and mended.
//! - `calling`: calls as models write them, wrong ones too.
//! - `reasoning`: what models thought goes back to them.
//! - `telling`: what the model is told of a run.
//! - `files`: what it is told of the user's files.
//! - `remembering`: what it knows of earlier turns.
//! - `failing`: endpoints that fail, and what remains.
//! - `stopping`: cancelled, dropped, out of time.
//! - `limits`: rounds, tokens, money, and days.
//! - `pictures`: what it is shown.

mod calling;
mod failing;
mod files;
mod given;
mod limits;
mod pictures;
mod reasoning;
mod remembering;
mod running;
mod stopping;
mod telling;
