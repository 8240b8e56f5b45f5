//! Tasks, what a model makes of them, and how that is told; the tests do the same with a scripted model.

mod table;
mod task;
pub(crate) mod trial;

pub(crate) use self::{
    table::Table,
    task::Task,
    trial::{Trial, Trials},
};
