use std::{sync::Arc, time::Duration};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    time::timeout,
};

use super::{certificates::HOSTS, http};
use crate::discord::server::{Inside, Tasks};

/// Larger than what any client asks a proxy.
const LARGEST_QUESTION: u64 = 16 * 1024;

/// Lets connections to Discord's names in until the task is stopped, and nothing else.
pub(crate) async fn listen(listener: TcpListener, inside: Arc<Inside>, tasks: Tasks) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        tasks.start(lead(stream, Arc::clone(&inside)));
    }
}

/// Answers `CONNECT name:443`, and is Discord from then on.
async fn lead(stream: TcpStream, inside: Arc<Inside>) {
    let mut stream = BufReader::new(stream);
    let Ok(Some(question)) = timeout(Duration::from_secs(10), first_line(&mut stream)).await else { return };
    let target = question.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next());
    let host = target.and_then(|target| target.strip_suffix(":443")).filter(|host| HOSTS.contains(host));
    let Some(host) = host else {
        inside.with(|world| world.violations.add(format!("the proxy was asked: {question}")));
        let _ = stream.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n").await;
        return;
    };
    if stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.is_err() {
        return;
    }
    let Ok(encrypted) = inside.authority.acceptor.accept(stream).await else {
        inside.with(|world| world.violations.add(format!("no encryption could be agreed upon as {host}")));
        return;
    };
    let answer = service_fn(|request| http::answer(&inside, host, request));
    // A client may leave at any time.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(encrypted), answer).await;
}

/// Reads the head of a request and gives its first line.
async fn first_line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut lines = stream.take(LARGEST_QUESTION);
    let mut first = None;
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
        let line = line.trim_end();
        if line.is_empty() {
            return first;
        }
        first.get_or_insert_with(|| line.to_owned());
    }
}
