//! What the tests begin with: an empty catalog of each engine, a server, records.

mod engines;
pub(crate) mod mongod;
mod records;

pub(crate) use engines::{Engine, Store, TestDatabase};
pub(super) use engines::{apply, on_both};
pub(super) use records::{ANNA, BEN, after_noon, generated, id, ids, noon, upload, upload_at};
