//! Where somebody talks to the assistant.

use std::fmt;

use crate::identifiers::ChatId;

/// Where a conversation takes place. What is said in one channel is not known in another (A4).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// Direct messages.
    Direct,
    /// A channel of a server, by its number; no other server has one of that number.
    Server(u64),
    /// The terminal.
    Terminal,
    /// A chat that an edge names.
    Chat(ChatId),
}

/// As the catalog knows it: no two channels are written alike.
impl fmt::Display for Channel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Direct => formatter.write_str("direct"),
            Self::Server(number) => write!(formatter, "server/{number}"),
            Self::Terminal => formatter.write_str("terminal"),
            Self::Chat(chat) => write!(formatter, "chat/{chat}"),
        }
    }
}
