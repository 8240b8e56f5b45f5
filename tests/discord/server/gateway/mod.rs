//! The gateway, version 10: `sessions` outlive `connection`s, which begin with a `greeting`; `frames` is how payloads
//! are written, `events` what they carry.

mod connection;
mod events;
mod frames;
mod greeting;
mod sessions;

use std::{sync::Arc, time::Duration};

use tokio::{net::TcpListener, sync::mpsc};

pub(crate) use self::{
    events::{Event, Visibility},
    sessions::{Invalid, Order, Session, Sessions},
};
use super::{Inside, Tasks};

/// What Discord says today.
pub(crate) const HEARTBEAT: Duration = Duration::from_millis(41_250);

/// Lets the bot in until the task is stopped.
pub(super) async fn listen(listener: TcpListener, inside: Arc<Inside>, tasks: Tasks) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let (orders, obeyed) = mpsc::unbounded_channel();
        tasks.start(connection::serve(stream, Arc::clone(&inside), orders, obeyed));
    }
}
