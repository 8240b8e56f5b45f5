//! What is known about users is kept alike by both engines: a real SQLite file and a real MongoDB server.

mod conversations;
mod deleting;
mod ending;
pub(crate) mod given;
mod journal;
mod keeping;
mod keys;
mod listing;
mod locations;
mod preferences;
mod servers;
mod sqlite_files;
mod usage;
