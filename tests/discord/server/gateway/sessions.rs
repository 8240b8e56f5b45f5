use std::{collections::VecDeque, time::Duration};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;

use super::{Event, HEARTBEAT};

/// As many events are kept for a session that comes back.
const KEPT: usize = 20_000;

/// The sessions there are, and how connections are treated.
pub(crate) struct Sessions {
    /// `ws://127.0.0.1:…`, without any path.
    pub(crate) address: String,
    pub(crate) conduct: Conduct,
    pub(crate) open: Vec<Session>,
    /// When the last IDENTIFY was.
    pub(crate) identified: Option<DateTime<Utc>>,
    /// How often somebody connected, identified, resumed.
    pub(crate) connections: usize,
    pub(crate) identifies: usize,
    pub(crate) resumes: usize,
    /// Heartbeats that came.
    pub(crate) heartbeats: usize,
    /// The last presence that was announced.
    pub(crate) presence: Option<Value>,
}

/// How connections are treated from now on.
#[derive(Clone, Debug)]
pub(crate) struct Conduct {
    pub(crate) heartbeat: Duration,
    /// Whether heartbeats are acknowledged.
    pub(crate) acknowledges: bool,
    /// As many times in a row, IDENTIFY and RESUME are answered with this instead.
    pub(crate) invalid: (usize, Invalid),
    /// As many times in a row, whoever connects is closed with this code instead of HELLO.
    pub(crate) closes: (usize, u16),
}

/// Discord's words for whether an invalid session may be resumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Invalid {
    Resumable,
    ForGood,
}

/// What goes out over a connection.
#[derive(Clone, Debug)]
pub(crate) enum Order {
    Send(Value),
    /// Closed as the protocol has it.
    Close(u16),
    /// Gone without a word.
    Drop,
}

pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) intents: u64,
    pub(crate) shard: [u64; 2],
    pub(crate) sequence: u64,
    /// What was sent, for those who come back.
    pub(crate) sent: VecDeque<(u64, Value)>,
    /// The connection that it has at the moment.
    pub(crate) connection: Option<UnboundedSender<Order>>,
    /// Whether it has heard of all its guilds, or of its return.
    pub(crate) is_ready: bool,
}

impl Default for Conduct {
    fn default() -> Self {
        Self { heartbeat: HEARTBEAT, acknowledges: true, invalid: (0, Invalid::ForGood), closes: (0, 1000) }
    }
}

impl Sessions {
    pub(crate) fn new(address: String) -> Self {
        Self {
            address,
            conduct: Conduct::default(),
            open: Vec::new(),
            identified: None,
            connections: 0,
            identifies: 0,
            resumes: 0,
            heartbeats: 0,
            presence: None,
        }
    }

    pub(crate) fn dispatch(&mut self, event: &Event) {
        for session in &mut self.open {
            if let Some(heard) = event.heard(session.intents, session.shard) {
                session.send(&event.name, heard);
            }
        }
    }

    pub(crate) fn find(&mut self, id: &str) -> Option<&mut Session> {
        self.open.iter_mut().find(|session| session.id == id)
    }

    /// Whether every session there is can hear what happens; none is not enough.
    pub(crate) fn are_ready(&self) -> bool {
        !self.open.is_empty() && self.open.iter().all(|session| session.is_ready && session.connection.is_some())
    }

    /// Gives an order to every connection, and says how many there are.
    pub(crate) fn order(&mut self, order: &Order) -> usize {
        let connections = self.open.iter().filter_map(|session| session.connection.as_ref());
        connections.filter(|connection| connection.send(order.clone()).is_ok()).count()
    }
}

impl Session {
    pub(crate) fn new(id: String, intents: u64, shard: [u64; 2]) -> Self {
        Self { id, intents, shard, sequence: 0, sent: VecDeque::new(), connection: None, is_ready: false }
    }

    /// Sends an event, and keeps it.
    pub(crate) fn send(&mut self, name: &str, what: &Value) {
        self.sequence += 1;
        let payload = json!({ "op": 0, "t": name, "s": self.sequence, "d": what });
        self.sent.push_back((self.sequence, payload.clone()));
        if self.sent.len() > KEPT {
            self.sent.pop_front();
        }
        if let Some(connection) = &self.connection {
            // A connection that is ending does not hear it; it is told again after a resume.
            let _ = connection.send(Order::Send(payload));
        }
    }

    /// What was sent after this number.
    pub(crate) fn missed(&self, since: u64) -> Vec<Value> {
        self.sent.iter().filter(|(number, _)| *number > since).map(|(_, payload)| payload.clone()).collect()
    }
}
