//! Lets the code of a sandbox connect outward by TCP and look names up, and nothing else.
//!
//! A sandbox stays in its empty network namespace, where a socket reaches nothing, also when its network is on. What it
//! may have instead it is given, one piece at a time: a seccomp filter ([`filter`]) hands `socket` and `connect` to a
//! [`Supervisor`] in the parent. That makes TCP sockets in the parent's namespace and puts them into the sandbox; and
//! it connects them itself, to its own copy of an address that it has judged ([`rules`]), so nothing is gained by
//! changing the address in memory meanwhile. What the filter forgot would fail for want of a network.
//!
//! Names are looked up over TCP at a nameserver that does not exist ([`resolver`]): a connection to it is answered by
//! the parent ([`relay`]), which asks the resolvers of the host.
//!
//! # Layout
//!
//! - `filter`: which system calls are refused, which are asked about; installed in the sandbox.
//! - `notification`: receiving such a question and answering it.
//! - `supervisor`: the thread that does so for one sandbox.
//! - `attempt`: one connection that is being made.
//! - `rules`, `own_addresses`: which addresses may be connected to.
//! - `resolver`, `relay`: the made-up nameserver, and what answers there.

mod attempt;
mod filter;
mod notification;
mod own_addresses;
mod relay;
mod resolver;
mod rules;
mod supervisor;

#[cfg(test)]
mod ending_tests;
#[cfg(test)]
mod names_tests;
#[cfg(test)]
mod sandboxed;
#[cfg(test)]
mod tests;

pub(super) use self::{filter::install, resolver::resolv_conf, rules::OutwardRules, supervisor::Supervisor};
