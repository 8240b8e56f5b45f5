//! What HTTP adds to a run, and how many requests are answered in a second at 1, 16 and 256 connections.
//!
//! `cargo bench --bench http`. Each answer is checked before and while it is measured; the library's own call, with the
//! same files and journal, is the baseline beside it. Takes some ten seconds.

#![expect(clippy::expect_used, reason = "a measurement that cannot be taken says why")]
#![expect(clippy::print_stdout, reason = "a program that prints its results")]

use std::{
    net::SocketAddr,
    num::NonZeroU32,
    sync::Arc,
    time::{Duration, Instant},
};

use taipan::{
    Interpreter,
    catalog::{self, Location, Patience},
    executions::{Executions, FileLimits, RunRequest, SystemClock, UserFiles},
    files::Store,
    http::{Server, Settings},
    identifiers::LOCAL_USER,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
    time::timeout,
};

const WARM_UP: usize = 200;
const RUNS: usize = 2000;
const REQUESTS: usize = 8000;
const CONNECTIONS: [usize; 3] = [1, 16, 256];
const PATIENCE: Duration = Duration::from_secs(60);

fn main() {
    // `cargo test --benches` only asks whether this builds.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    // Before anything else has threads.
    let interpreter =
        Interpreter::builder().workers(2).runs_per_owner(256).queue_capacity(1024).build().expect("an interpreter");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("threads");
    runtime.block_on(measure(interpreter));
}

async fn measure(interpreter: Interpreter) {
    let folder = tempfile::tempdir().expect("a folder");
    let location = Location::choose(None, folder.path()).expect("a place");
    let catalog = catalog::open(&location, Patience::default()).await.expect("a catalog");
    let store = Store::open(folder.path()).expect("a store");
    let files = UserFiles::new(store, catalog, FileLimits::default(), Arc::new(SystemClock));
    let mut settings = Settings::of_address("127.0.0.1:0".parse().expect("an address"));
    settings.requests_per_minute = NonZeroU32::MAX;
    let listening = Server::bind(settings, &files).await.expect("a port");
    let executions = Executions::new(interpreter, files.clone());
    let server = listening.serving(executions.clone());
    let address = server.address();
    let measuring = async {
        latency(&executions, address).await;
        throughput(address, "GET /healthz", &asked("GET", "/healthz", ""), "\"ok\"").await;
        throughput(address, "POST /api/v1/executions", &execution(), "\"42\\n\"").await;
    };
    server.serve(measuring, Duration::from_secs(1)).await;
    files.close().await;
}

/// The same run by the library's call and over one connection, in turns.
async fn latency(executions: &Executions, address: SocketAddr) {
    let mut connection = TcpStream::connect(address).await.expect("a connection");
    connection.set_nodelay(true).expect("a socket");
    let request = execution();
    let (mut by_call, mut by_http) = (Vec::new(), Vec::new());
    for round in 0..WARM_UP + RUNS {
        let began = Instant::now();
        let run = executions.run(LOCAL_USER, RunRequest::new("print(6 * 7)")).await.expect("a run");
        let answer = run.answer().await.expect("an answer");
        let called = began.elapsed();
        assert_eq!(answer.outcome.stdout, "42\n");
        let began = Instant::now();
        exchange(&mut connection, &request, "\"42\\n\"").await;
        if round >= WARM_UP {
            by_call.push(called);
            by_http.push(began.elapsed());
        }
    }
    let (call, http) = (median(by_call), median(by_http));
    println!("a run, median: {call:?} by the library's call, {http:?} over HTTP, {:?} more", http.saturating_sub(call));
}

/// How many requests are answered in a second.
async fn throughput(address: SocketAddr, name: &str, request: &Arc<str>, expected: &'static str) {
    for connections in CONNECTIONS {
        let each = (REQUESTS / connections).max(1);
        let mut clients = JoinSet::new();
        let began = Instant::now();
        for _ in 0..connections {
            let request = Arc::clone(request);
            clients.spawn(async move {
                let mut connection = TcpStream::connect(address).await.expect("a connection");
                connection.set_nodelay(true).expect("a socket");
                for _ in 0..each {
                    exchange(&mut connection, &request, expected).await;
                }
            });
        }
        while let Some(client) = clients.join_next().await {
            client.expect("every answer is the right one");
        }
        let a_second = (each * connections) as u128 * 1_000_000 / began.elapsed().as_micros().max(1);
        println!("{name}, {connections} connections: {a_second} in a second");
    }
}

/// Sends a request, and reads its answer to the end.
async fn exchange(connection: &mut TcpStream, request: &str, expected: &str) {
    connection.write_all(request.as_bytes()).await.expect("a server that reads");
    let mut answer = Vec::with_capacity(4096);
    loop {
        let read = timeout(PATIENCE, connection.read_buf(&mut answer)).await.expect("an answer in time");
        assert_ne!(read.expect("a server that answers"), 0, "the server hung up");
        let text = std::str::from_utf8(&answer).expect("text");
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
        if body.len() >= length.parse().expect("a number") {
            assert!(head.starts_with("HTTP/1.1 200 ") && body.contains(expected), "{text}");
            return;
        }
    }
}

fn execution() -> Arc<str> {
    asked("POST", "/api/v1/executions", "{\"code\": \"print(6 * 7)\"}")
}

fn asked(method: &str, path: &str, body: &str) -> Arc<str> {
    let head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n");
    format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).into()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
