//! Code of a person, run and shown.
//!
//! - `conduct`: a run from the question to the last file; `stage`: what is shown meanwhile.
//! - `report`: what is said of it afterwards; `going`: what can be stopped.

mod conduct;
mod going;
mod report;
mod stage;

pub(super) use self::{
    conduct::{
        Asked, FIRST_SHOWN, SHOWN_EVERY, buttons_below, buttons_below_answer, parcels, run_and_show, stop_button,
    },
    going::{Going, Stopped, Stopper},
    report::generated,
    stage::Stage,
};
