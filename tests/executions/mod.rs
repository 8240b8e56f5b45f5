//! A user's runs and files: what goes in, what comes out, whose it is and how long it stays.

mod belonging;
mod chaos;
mod cleaning;
mod deleting;
mod expiry;
mod given;
mod limits;
mod messages;
mod owners;
mod room;
mod running;
mod together;
mod uploading;
