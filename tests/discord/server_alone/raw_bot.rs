use std::{future::Future, sync::Arc};

use bytes::Bytes;
use flate2::{Decompress, FlushDecompress};
use futures_util::{SinkExt, StreamExt};
use reqwest::{Client, Method, Proxy};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, protocol::CloseFrame},
};

use crate::discord::server::{Discord, Person, Reaction};

/// Everything that needs no privilege.
pub(super) const ORDINARY: u64 = 1 | 1 << 9 | 1 << 12;

const MESSAGE_CONTENT: u64 = 1 << 15;

/// The HTTP side of a bot.
#[derive(Clone)]
pub(super) struct RawBot {
    http: Client,
    pub(super) token: String,
    pub(super) id: String,
}

/// An answer: the status, and the body where there is one.
#[derive(Debug, PartialEq)]
pub(super) struct Answered {
    pub(super) status: u16,
    pub(super) body: Value,
    pub(super) headers: reqwest::header::HeaderMap,
}

impl RawBot {
    pub(super) fn of(discord: &Discord) -> Self {
        let mut roots = RootCertStore::empty();
        roots
            .add_parsable_certificates(CertificateDer::pem_file_iter(discord.authority()).unwrap().map(Result::unwrap));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let tls = tls.with_root_certificates(roots).with_no_client_auth();
        let http = Client::builder()
            .tls_backend_preconfigured(tls)
            .proxy(Proxy::https(discord.proxy()).unwrap())
            .user_agent("DiscordBot (https://example.com, 1)");
        Self { http: http.build().unwrap(), token: discord.token(), id: discord.bot().to_string() }
    }

    pub(super) async fn asks(&self, method: &str, path: &str, body: Option<Value>) -> Answered {
        let body = body.map(|body| ("application/json".to_owned(), body.to_string().into()));
        self.sends(method, path, body).await.unwrap()
    }

    pub(super) async fn posts(&self, path: &str, body: Value) -> Answered {
        self.asks("POST", path, Some(body)).await
    }

    /// A message of text alone, that pings nobody.
    pub(super) async fn says(&self, channel: &str, text: &str) -> Answered {
        self.posts(&format!("/channels/{channel}/messages"), said(text)).await
    }

    /// Sends a body of any kind; fails where no answer comes.
    pub(super) async fn sends(
        &self,
        method: &str,
        path: &str,
        body: Option<(String, Bytes)>,
    ) -> Result<Answered, reqwest::Error> {
        let url = format!("https://discord.com/api/v10{path}");
        let request = self.http.request(Method::from_bytes(method.as_bytes()).unwrap(), url);
        let mut request = request.header("authorization", format!("Bot {}", self.token));
        if let Some((kind, body)) = body {
            request = request.header("content-type", kind).body(body);
        }
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await?;
        Ok(Answered { status, body: serde_json::from_slice(&body).unwrap_or_default(), headers })
    }

    /// Sends files along with a body, as `files[0]`, `files[1]` …
    pub(super) async fn uploads(
        &self,
        (method, path): (&str, &str),
        body: &Value,
        files: &[(&str, &[u8])],
    ) -> Answered {
        let mut parts = format!(
            "--x\r\nContent-Disposition: form-data; name=\"payload_json\"\r\nContent-Type: application/json\r\n\r\n{body}\r\n"
        )
        .into_bytes();
        for (number, (name, content)) in files.iter().enumerate() {
            let head =
                format!("--x\r\nContent-Disposition: form-data; name=\"files[{number}]\"; filename=\"{name}\"\r\n\r\n");
            parts.extend([head.as_bytes(), content, b"\r\n"].concat());
        }
        parts.extend(b"--x--\r\n");
        self.sends(method, path, Some(("multipart/form-data; boundary=x".to_owned(), parts.into()))).await.unwrap()
    }

    /// Fetches a file as anybody would; the status and the bytes.
    pub(super) async fn fetches(&self, url: &str) -> Result<(u16, Bytes), reqwest::Error> {
        let response = self.http.get(url).send().await?;
        Ok((response.status().as_u16(), response.bytes().await?))
    }

    /// Answers an interaction.
    pub(super) async fn calls_back(&self, interaction: &Value, answer: Value) -> Answered {
        let [id, token] = ["id", "token"].map(|name| interaction[name].as_str().unwrap());
        self.posts(&format!("/interactions/{id}/{token}/callback"), answer).await
    }

    /// Asks below the webhook of an interaction.
    pub(super) async fn follows(&self, interaction: &Value, method: &str, rest: &str, body: Option<Value>) -> Answered {
        let path = format!("/webhooks/{}/{}{rest}", self.id, interaction["token"].as_str().unwrap());
        self.asks(method, &path, body).await
    }
}

/// A body of text alone, that pings nobody.
pub(super) fn said(text: &str) -> Value {
    json!({ "content": text, "allowed_mentions": { "parse": [] } })
}

impl Answered {
    /// The status and Discord's code.
    pub(super) fn refusal(&self) -> (u16, u64) {
        (self.status, self.body["code"].as_u64().unwrap_or_default())
    }
}

/// The gateway side of a bot.
pub(super) struct RawSocket {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    inflating: Option<Decompress>,
    /// Frames that came compressed.
    pub(super) compressed: usize,
    pub(super) sequence: Option<u64>,
    /// The session's id, once there is one.
    pub(super) session: Value,
}

impl RawSocket {
    /// Connects with a query of its own, and hears HELLO.
    pub(super) async fn connect(bot: &RawBot, query: &str) -> (Self, Value) {
        let gateway = bot.asks("GET", "/gateway", None).await.body["url"].as_str().unwrap().to_owned();
        let (socket, _) = connect_async(format!("{gateway}/{query}")).await.unwrap();
        let inflating = query.contains("zlib-stream").then(|| Decompress::new(true));
        let mut socket = Self { socket, inflating, compressed: 0, sequence: None, session: Value::Null };
        let hello = socket.hears().await.unwrap();
        (socket, hello)
    }

    /// Connects and identifies, all intents included; gives READY.
    pub(super) async fn ready(bot: &RawBot) -> (Self, Value) {
        let (mut socket, _) = Self::connect(bot, "?v=10&encoding=json").await;
        socket.says(identify(bot, ORDINARY | MESSAGE_CONTENT)).await;
        let ready = socket.until("READY").await;
        (socket, ready)
    }

    pub(super) async fn says(&mut self, payload: Value) {
        self.socket.send(Message::text(payload.to_string())).await.unwrap();
    }

    /// The next payload, or how the connection ended: a code, or without one.
    pub(super) async fn hears(&mut self) -> Result<Value, Option<u16>> {
        let payload: Value = match self.socket.next().await {
            Some(Ok(Message::Text(text))) => serde_json::from_str(&text).unwrap(),
            Some(Ok(Message::Binary(bytes))) => {
                self.compressed += 1;
                serde_json::from_str(&self.inflated(&bytes)).unwrap()
            }
            Some(Ok(Message::Close(frame))) => return Err(frame.map(|CloseFrame { code, .. }| code.into())),
            _ => return Err(None),
        };
        if payload["t"] == "READY" {
            self.session = payload["d"]["session_id"].clone();
        }
        self.sequence = payload["s"].as_u64().or(self.sequence);
        Ok(payload)
    }

    /// Passes over everything up to an event, and gives it.
    pub(super) async fn until(&mut self, event: &str) -> Value {
        loop {
            let payload = self.hears().await.unwrap();
            if payload["t"] == event {
                return payload["d"].clone();
            }
        }
    }

    /// Goes, so that the session is over.
    pub(super) async fn leaves(&mut self) {
        let frame = CloseFrame { code: 1000.into(), reason: "".into() };
        self.socket.close(Some(frame)).await.unwrap();
    }

    fn inflated(&mut self, bytes: &[u8]) -> String {
        let mut alone = Decompress::new(true);
        let inflating = self.inflating.as_mut().unwrap_or(&mut alone);
        let mut text = Vec::with_capacity(1024 * 1024);
        inflating.decompress_vec(bytes, &mut text, FlushDecompress::Sync).unwrap();
        String::from_utf8(text).unwrap()
    }
}

/// IDENTIFY with intents.
pub(super) fn identify(bot: &RawBot, intents: u64) -> Value {
    let properties = json!({ "os": "linux", "browser": "raw", "device": "raw" });
    json!({ "op": 2, "d": { "token": bot.token, "intents": intents, "properties": properties } })
}

/// RESUME of what a connection has heard.
pub(super) fn resume(bot: &RawBot, before: &RawSocket) -> Value {
    json!({ "op": 6, "d": { "token": bot.token, "session_id": before.session, "seq": before.sequence } })
}

/// Lets a person do something while the bot answers it.
pub(super) async fn while_bot_answers<F>(
    socket: &mut RawSocket,
    deed: impl Future<Output = Reaction>,
    answer: impl FnOnce(Value) -> F,
) -> (Reaction, Value)
where
    F: Future<Output = ()>,
{
    let bot = async {
        let interaction = socket.until("INTERACTION_CREATE").await;
        answer(interaction.clone()).await;
        interaction
    };
    tokio::join!(deed, bot)
}

/// A connected bot, a person, and the DM of the two, while time stands still.
pub(super) async fn together() -> (Discord, RawBot, RawSocket, Person, String) {
    let discord = Discord::start().await;
    // However busy this machine is.
    discord.stops_time();
    let ada = discord.user("Ada");
    let channel = ada.dm().id.to_string();
    let bot = RawBot::of(&discord);
    let (socket, _) = RawSocket::ready(&bot).await;
    (discord, bot, socket, ada, channel)
}
