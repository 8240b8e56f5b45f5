//! Hostile code in a sandbox: what it is answered, and that nobody else notices.
//!
//! Each case is a short Python file in `cases`, in the folder of its family, with a sentence on top and then what is
//! to come of it; `case` says how that is written. Every case runs next to a bystander, another owner's code in the
//! same interpreter, which has to come out as if it were alone. Afterwards no process, mount, folder or descriptor may
//! be left.
//!
//! - `case`: a case as it stands in its file.
//! - `bystander`: the run next to it.
//! - `leftovers`: what may not be left.
//! - `families`: the tests, one for each family.
//!
//! `ABUSE_ONLY=word` runs only the cases with this word in their path. `make abuse` runs all of them many times.

mod bystander;
mod case;
mod families;
mod leftovers;
