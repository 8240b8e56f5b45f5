use std::{collections::VecDeque, sync::Arc, time::Duration};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    net::TcpStream,
    sync::mpsc::{UnboundedReceiver, UnboundedSender},
    time::Instant,
};
use tokio_tungstenite::{
    WebSocketStream, accept_hdr_async,
    tungstenite::{
        Message,
        handshake::server::{Request, Response},
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};
use url::form_urlencoded;

use super::{
    Invalid, Order, Session,
    frames::Frames,
    greeting::{identifies_too_soon, is_token, reason, refusal_of_identify, shard, welcome},
};
use crate::discord::server::{Inside, world::World};

/// As many payloads a bot may send in a minute.
const SENT_A_MINUTE: usize = 120;

/// How a connection ends.
enum Ended {
    /// By the server, with a code.
    Closed(u16),
    /// Without a word.
    Dropped,
    /// By the bot; with 1000 or 1001 its session ends too.
    Left(Option<u16>),
}

struct Connection {
    inside: Arc<Inside>,
    socket: WebSocketStream<TcpStream>,
    frames: Frames,
    orders: UnboundedSender<Order>,
    session: Option<String>,
    /// When the bot must have been heard of.
    deadline: Instant,
    received: VecDeque<Instant>,
}

/// Speaks to one connection until it ends.
pub(super) async fn serve(
    stream: TcpStream,
    inside: Arc<Inside>,
    orders: UnboundedSender<Order>,
    obeyed: UnboundedReceiver<Order>,
) {
    let mut query = Vec::new();
    #[expect(clippy::result_large_err, reason = "the library wants this answer")]
    let read_query = |request: &Request, response: Response| {
        let given = request.uri().query().unwrap_or_default();
        query = form_urlencoded::parse(given.as_bytes()).into_owned().collect();
        Ok(response)
    };
    let Ok(socket) = accept_hdr_async(stream, read_query).await else { return };
    inside.with(|world| {
        world.sessions.connections += 1;
        check_query(world, &query);
    });
    let is_stream = query.contains(&("compress".to_owned(), "zlib-stream".to_owned()));
    let frames = if is_stream { Frames::stream() } else { Frames::Plain };
    let deadline = Instant::now() + Duration::from_secs(60);
    let connection = Connection { inside, socket, frames, orders, session: None, deadline, received: VecDeque::new() };
    connection.run(obeyed).await;
}

fn check_query(world: &mut World, query: &[(String, String)]) {
    for (name, value) in query {
        let is_known = match name.as_str() {
            "v" => value == "10",
            "encoding" => value == "json",
            "compress" => value == "zlib-stream",
            _ => false,
        };
        if !is_known {
            world.violations.add(format!("the gateway was asked for {name}={value}, which is not spoken here"));
        }
    }
    if !query.iter().any(|(name, _)| name == "v") {
        world.violations.add("the gateway was asked for no version, which is not version 10");
    }
}

impl Connection {
    async fn run(mut self, mut obeyed: UnboundedReceiver<Order>) {
        let ended = self.talk(&mut obeyed).await;
        if let Some(id) = &self.session {
            self.inside.with(|world| {
                let Some(session) = world.sessions.find(id) else { return };
                if session.connection.as_ref().is_some_and(|connection| connection.same_channel(&self.orders)) {
                    session.connection = None;
                }
                if matches!(ended, Ended::Left(Some(1000 | 1001))) {
                    world.sessions.open.retain(|session| session.id != *id);
                }
            });
        }
        if matches!(ended, Ended::Left(Some(_))) {
            // So that the farewell is returned.
            let _ = self.socket.close(None).await;
        }
        if let Ended::Closed(code) = ended {
            let frame = CloseFrame { code: CloseCode::from(code), reason: reason(code).into() };
            // The other side may be gone already.
            let _ = self.socket.close(Some(frame)).await;
            let _ = tokio::time::timeout(Duration::from_secs(2), async { while self.socket.next().await.is_some() {} })
                .await;
        }
    }

    async fn talk(&mut self, obeyed: &mut UnboundedReceiver<Order>) -> Ended {
        let (conduct, close) = self.inside.with(|world| {
            let (left, code) = world.sessions.conduct.closes;
            world.sessions.conduct.closes.0 = left.saturating_sub(1);
            (world.sessions.conduct.clone(), (left > 0).then_some(code))
        });
        if let Some(code) = close {
            return Ended::Closed(code);
        }
        self.deadline = Instant::now() + conduct.heartbeat * 3 / 2;
        let interval = u64::try_from(conduct.heartbeat.as_millis()).unwrap();
        self.send(&json!({ "op": 10, "s": null, "t": null, "d": { "heartbeat_interval": interval } })).await;
        loop {
            let ended = tokio::select! {
                // What the server has to say first, so that an order to close is not kept waiting.
                biased;
                order = obeyed.recv() => self.obey(order.unwrap()).await,
                received = self.socket.next() => match received {
                    Some(Ok(Message::Text(text))) => self.hear(&text).await,
                    Some(Ok(Message::Close(frame))) => Some(Ended::Left(frame.map(|frame| frame.code.into()))),
                    Some(Ok(_)) => None,
                    Some(Err(_)) | None => Some(Ended::Left(None)),
                },
                () = tokio::time::sleep_until(self.deadline) => {
                    self.violates("no heartbeat came for one and a half intervals");
                    Some(Ended::Closed(4009))
                }
            };
            if let Some(ended) = ended {
                return ended;
            }
        }
    }

    async fn obey(&mut self, order: Order) -> Option<Ended> {
        match order {
            Order::Send(payload) => {
                self.send(&payload).await;
                None
            }
            Order::Close(code) => Some(Ended::Closed(code)),
            Order::Drop => Some(Ended::Dropped),
        }
    }

    async fn send(&mut self, payload: &Value) {
        let message = self.frames.write(payload);
        // A connection that broke is noticed when it is read from.
        let _ = self.socket.send(message).await;
    }

    async fn hear(&mut self, text: &str) -> Option<Ended> {
        let now = Instant::now();
        self.received.push_back(now);
        self.received.retain(|at| now - *at < Duration::from_secs(60));
        if self.received.len() > SENT_A_MINUTE {
            self.violates("more than 120 payloads were sent to the gateway in a minute");
            return Some(Ended::Closed(4008));
        }
        let Ok(payload) = serde_json::from_str::<Value>(text) else { return Some(self.refuse(4002, "no JSON")) };
        if text.len() > 4096 {
            return Some(self.refuse(4002, "a payload of more than 4,096 bytes"));
        }
        let what = &payload["d"];
        match payload["op"].as_u64() {
            Some(1) => self.beat().await,
            Some(2) => self.identify(what).await,
            Some(3) if self.session.is_some() => {
                self.inside.with(|world| world.sessions.presence = Some(what.clone()));
                None
            }
            Some(6) => self.resume(what).await,
            Some(3 | 4 | 8 | 14 | 31) if self.session.is_none() => Some(self.refuse(4003, "something before IDENTIFY")),
            Some(8) => {
                self.violates("members were asked for over the gateway, which is not spoken here");
                None
            }
            _ => Some(self.refuse(4001, &format!("an unknown opcode {}", payload["op"]))),
        }
    }

    async fn beat(&mut self) -> Option<Ended> {
        let conduct = self.inside.with(|world| {
            world.sessions.heartbeats += 1;
            world.sessions.conduct.clone()
        });
        self.deadline = Instant::now() + conduct.heartbeat * 3 / 2;
        if conduct.acknowledges {
            self.send(&json!({ "op": 11, "s": null, "t": null, "d": null })).await;
        }
        None
    }

    async fn identify(&mut self, what: &Value) -> Option<Ended> {
        if self.session.is_some() {
            return Some(self.refuse(4005, "IDENTIFY for the second time"));
        }
        if let Some(ended) = self.turned_away().await {
            return ended;
        }
        if self.inside.with(identifies_too_soon) {
            self.send(&json!({ "op": 9, "s": null, "t": null, "d": false })).await;
            return None;
        }
        let refused = self.inside.with(|world| {
            world.sessions.identifies += 1;
            refusal_of_identify(world, what)
        });
        if let Some((code, why)) = refused {
            // A token or an intent that is refused is the operator's fault, not the bot's.
            return Some(if matches!(code, 4004 | 4014) { Ended::Closed(code) } else { self.refuse(code, why) });
        }
        if what["compress"] == true && matches!(self.frames, Frames::Plain) {
            self.frames = Frames::EachCompressed;
        }
        let shard = shard(what).unwrap();
        let intents = what["intents"].as_u64().unwrap();
        let orders = self.orders.clone();
        self.session = Some(self.inside.with(|world| {
            let mut session = Session::new(format!("{:032x}", world.next_id().0), intents, shard);
            session.connection = Some(orders);
            let id = session.id.clone();
            // A shard has one session; the one before is over.
            world.sessions.open.retain(|other| other.shard != shard);
            welcome(world, &mut session);
            world.sessions.open.push(session);
            id
        }));
        None
    }

    async fn resume(&mut self, what: &Value) -> Option<Ended> {
        if let Some(ended) = self.turned_away().await {
            return ended;
        }
        let orders = self.orders.clone();
        let resumed = self.inside.with(|world| {
            world.sessions.resumes += 1;
            if !is_token(world, &what["token"]) {
                return Err(4004);
            }
            let Some(session) = world.sessions.find(what["session_id"].as_str().unwrap_or_default()) else {
                return Ok(None);
            };
            let since = what["seq"].as_u64().filter(|since| *since <= session.sequence).ok_or(4007_u16)?;
            for payload in session.missed(since) {
                let _ = orders.send(Order::Send(payload));
            }
            session.connection = Some(orders);
            session.send("RESUMED", &json!({}));
            session.is_ready = true;
            Ok(Some(session.id.clone()))
        });
        match resumed {
            Err(code) => Some(Ended::Closed(code)),
            Ok(None) => {
                self.send(&json!({ "op": 9, "s": null, "t": null, "d": false })).await;
                None
            }
            Ok(session) => {
                self.session = session;
                None
            }
        }
    }

    /// Says that the session is invalid, if that is what is wanted at the moment.
    async fn turned_away(&mut self) -> Option<Option<Ended>> {
        let invalid = self.inside.with(|world| {
            let (left, invalid) = world.sessions.conduct.invalid;
            world.sessions.conduct.invalid.0 = left.saturating_sub(1);
            (left > 0).then_some(invalid)
        })?;
        self.send(&json!({ "op": 9, "s": null, "t": null, "d": invalid == Invalid::Resumable })).await;
        Some(None)
    }

    fn violates(&self, sentence: &str) {
        self.inside.with(|world| world.violations.add(sentence));
    }

    fn refuse(&self, code: u16, what: &str) -> Ended {
        self.violates(&format!("the gateway heard {what}, and closed with {code}"));
        Ended::Closed(code)
    }
}
