//! A client that sends exactly what a test wants, also what no client should.

use std::{
    fmt::Write as _,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use serde_json::Value;

/// How long an answer may take, so that a test that hangs fails.
const PATIENCE: Duration = Duration::from_secs(60);
/// What separates the parts of a form.
const BOUNDARY: &str = "-----a-boundary";

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

/// A part of a form: its name, the file's name, its content.
pub(crate) type Part<'p> = (&'p str, Option<&'p str>, &'p [u8]);

/// An event of a stream.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Happened {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) document: Value,
}

/// A stream of events.
pub(crate) struct Events {
    lines: BufReader<TcpStream>,
}

impl Ask {
    pub(crate) fn new(method: &'static str, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::new("GET", path)
    }

    pub(crate) fn delete(path: impl Into<String>) -> Self {
        Self::new("DELETE", path)
    }

    pub(crate) fn post(path: impl Into<String>, document: &Value) -> Self {
        Self::new("POST", path).header("Content-Type", "application/json").body(document.to_string())
    }

    /// A run with these fields.
    pub(crate) fn run(document: &Value) -> Self {
        Self::post("/api/v1/executions", document)
    }

    pub(crate) fn upload(parts: &[Part<'_>]) -> Self {
        let form = Self::new("POST", "/api/v1/files");
        form.header("Content-Type", format!("multipart/form-data; boundary={BOUNDARY}")).body(form_of(parts))
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn key(self, key: &str) -> Self {
        self.header("Authorization", format!("Bearer {key}"))
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) fn send(self, address: SocketAddr) -> Reply {
        let method = self.method;
        let mut stream = self.header("Connection", "close").start(address);
        let (mut answer, mut piece) = (Vec::new(), vec![0; 64 * 1024]);
        // Not every server hangs up when it is asked to.
        while !(is_head_and_body(&answer) && method != "HEAD") {
            match stream.read(&mut piece).unwrap() {
                0 => break,
                length => answer.extend(&piece[..length]),
            }
        }
        Reply::read(&answer)
    }

    /// Asks for events, and follows them.
    pub(crate) fn follow(self, address: SocketAddr) -> Events {
        let stream = self.header("Accept", "text/event-stream").header("Connection", "close").start(address);
        let mut lines = BufReader::new(stream);
        let (mut line, mut head) = (String::new(), String::new());
        while line != "\r\n" {
            line.clear();
            assert_ne!(lines.read_line(&mut line).unwrap(), 0, "{head}");
            head.push_str(&line);
        }
        assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
        Events { lines }
    }

    /// Sends the request, and leaves the answer to the caller.
    pub(crate) fn start(&self, address: SocketAddr) -> TcpStream {
        let mut stream = connect(address);
        stream.write_all(&self.bytes(address)).unwrap();
        stream
    }

    fn bytes(&self, address: SocketAddr) -> Vec<u8> {
        let mut text = format!("{} {} HTTP/1.1\r\n", self.method, self.path);
        if !self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            let _ = write!(text, "Host: {address}\r\n");
        }
        for (name, value) in &self.headers {
            let _ = write!(text, "{name}: {value}\r\n");
        }
        if !self.body.is_empty() {
            let _ = write!(text, "Content-Length: {}\r\n", self.body.len());
        }
        [text.as_bytes(), b"\r\n", &self.body].concat()
    }
}

impl Reply {
    pub(crate) fn read(answer: &[u8]) -> Self {
        let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("an answer has a head");
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut reply = Self { status, head, body: answer[end + 4..].to_vec() };
        if reply.header("transfer-encoding") == Some("chunked") {
            reply.body = without_chunks(&reply.body);
        }
        reply
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}\n{}", self.head, self.text()))
    }

    /// The status, the code and the sentence of an error. It has nothing else, and the id that its head has too.
    pub(crate) fn problem(&self) -> (u16, String, String) {
        let document = self.json();
        assert_eq!(document["error"]["request_id"].as_str(), self.header("x-request-id"), "{document}");
        assert_eq!(document.as_object().unwrap().len(), 1);
        assert_eq!(document["error"].as_object().unwrap().len(), 3);
        let text = |name: &str| document["error"][name].as_str().unwrap().to_owned();
        (self.status, text("code"), text("message"))
    }

    /// The answer to something that was done.
    pub(crate) fn done(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        if self.body.is_empty() { Value::Null } else { self.json() }
    }
}

impl Iterator for Events {
    type Item = Happened;

    fn next(&mut self) -> Option<Happened> {
        let (mut id, mut name, mut document) = (0, String::new(), Value::Null);
        loop {
            let mut line = String::new();
            if self.lines.read_line(&mut line).unwrap() == 0 {
                return None;
            }
            match line.trim_end().split_once(": ") {
                Some(("id", text)) => id = text.parse().unwrap(),
                Some(("event", text)) => text.clone_into(&mut name),
                Some(("data", text)) => document = serde_json::from_str(text).unwrap(),
                // An event ends with an empty line; other lines are those of chunks, which end as lines of HTTP do.
                _ if line == "\n" && !name.is_empty() => return Some(Happened { id, name, document }),
                _ => {}
            }
        }
    }
}

impl Events {
    /// Reads until an event of this name.
    pub(crate) fn until(&mut self, name: &str) -> Happened {
        self.find(|happened| happened.name == name).unwrap_or_else(|| panic!("there is no event {name}"))
    }
}

/// Whether an answer that says how long it is has all of that.
fn is_head_and_body(answer: &[u8]) -> bool {
    let Some(end) = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { return false };
    let reply = Reply { status: 0, head: String::from_utf8_lossy(&answer[..end]).into_owned(), body: Vec::new() };
    let length: Option<usize> = reply.header("content-length").map(|length| length.parse().unwrap());
    length.is_some_and(|length| answer.len() >= end + 4 + length)
}

pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// The body of a form.
pub(crate) fn form_of(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file_name, content) in parts {
        let file_name = file_name.map_or(String::new(), |file_name| format!("; filename=\"{file_name}\""));
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file_name}\r\n\r\n");
        body.extend([head.as_bytes(), content, b"\r\n"].concat());
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    body
}

fn without_chunks(mut bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let end = bytes.windows(2).position(|bytes| bytes == b"\r\n").unwrap();
        let length = usize::from_str_radix(std::str::from_utf8(&bytes[..end]).unwrap(), 16).unwrap();
        if length == 0 {
            return body;
        }
        body.extend(&bytes[end + 2..end + 2 + length]);
        bytes = &bytes[end + 2 + length + 2..];
    }
}
