//! How much a conversation takes up, counted before it is sent and told by the endpoint afterwards, and what it costs
//! (A6).
//!
//! Counts know whether they are estimates, and a cost that is not known is `None`, never 0.

mod conversation;
mod counting;
mod images;
mod models;
mod money;
mod prices;
mod usage;

pub(super) use models::bare as bare_name;

pub use self::{
    conversation::count_question,
    counting::{Count, TokenCounter, load_vocabularies},
    images::image_tokens,
    money::Cost,
    prices::{EMBEDDED_PRICES, NotPrices, Prices},
    usage::Usage,
};
