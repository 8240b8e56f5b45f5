//! The way from the bot to here: `certificates` it trusts, a `proxy` that leads Discord's names to this machine, and
//! `http` inside.

mod certificates;
mod http;
mod proxy;

pub(super) use self::proxy::listen;
pub(crate) use self::{certificates::Authority, http::Received};
