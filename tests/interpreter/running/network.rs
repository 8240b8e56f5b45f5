//! The network of a sandbox: none, or outward alone (issue 3, point 7).

use std::net::TcpListener;

use taipan::{Isolation, Request, interpreter::Network};

use crate::interpreters::{complete, settings};

/// Tries to connect to each place; prints what came of it.
fn trying(places: &[(&str, u16)]) -> Request {
    Request::new(format!(
        "import socket
for place in {places:?}:
    try:
        socket.create_connection(place, timeout=5).close()
    except OSError as error:
        print(type(error).__name__, error.errno)
    else:
        print('connected to', place)
"
    ))
}

/// X14
#[tokio::test]
async fn nothing_is_reached_with_the_network_off() {
    let interpreter = settings(Isolation::Process).build().expect("an interpreter");
    let server = TcpListener::bind("127.0.0.1:0").expect("a server");
    let port = server.local_addr().expect("an address").port();
    let outcome = complete(&interpreter, trying(&[("127.0.0.1", port), ("192.0.2.1", 80)])).await;
    assert_eq!(outcome.output, "PermissionError 1\nPermissionError 1\n");
}

/// X14: not the host itself in any of its names, not its neighbours, not what clouds tell machines about themselves.
#[tokio::test]
async fn neither_the_host_nor_its_neighbours_are_reached_with_the_network_on() {
    let interpreter = settings(Isolation::Process).network(Network::On).build().expect("an interpreter");
    let server = TcpListener::bind("0.0.0.0:0").expect("a server");
    let port = server.local_addr().expect("an address").port();
    let places = [
        ("127.0.0.1", port),
        ("127.1.2.3", port),
        ("0.0.0.0", port),
        ("::1", port),
        ("::ffff:127.0.0.1", port),
        ("10.0.0.1", 80),
        ("192.168.0.1", 80),
        ("169.254.169.254", 80),
        ("100.100.100.200", 80),
    ];
    let outcome = complete(&interpreter, trying(&places)).await;
    assert_eq!(outcome.output, "PermissionError 1\n".repeat(places.len()));
}

/// Nobody outside finds anything to connect to.
#[tokio::test]
async fn nothing_listens_with_the_network_on() {
    let interpreter = settings(Isolation::Process).network(Network::On).build().expect("an interpreter");
    let code = "import socket\ns = socket.socket()\nfor call in (lambda: s.bind(('', 0)), s.listen):\n    try:\n        \
                call()\n    except PermissionError as error:\n        print(error)\ntry:\n    socket.socket(type=socket.SOCK_DGRAM)\nexcept PermissionError as error:\n    print(error)";
    let outcome = complete(&interpreter, Request::new(code)).await;
    assert_eq!(outcome.output, "[Errno 1] Operation not permitted\n".repeat(3));
}
