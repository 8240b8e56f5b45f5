//! Connections that take long: who waits for them, who does not, and what is left when they end.

use std::{
    fs,
    net::SocketAddr,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal};

use super::{
    OutwardRules,
    sandboxed::{Sandboxed, servers, silence},
};

/// Prints the number of a socket and connects it to where nobody answers.
const CONNECT: &str = "
s = socket.socket()
print(os.fstat(s.fileno()).st_ino, flush=True)
try:
    print(told(s.connect, ('127.0.0.1', port)))
except KeyboardInterrupt:
    print('interrupted')
";

/// Runs code that connects to a silent port, until its socket is being connected by this process; gives the socket's
/// name among open files.
fn connecting(silent: SocketAddr) -> (Sandboxed, String) {
    let rules = OutwardRules::for_tests(Vec::new(), vec![silent], Vec::new());
    let mut sandbox = Sandboxed::start(CONNECT, [silent.port(), 0], rules);
    let number = sandbox.line();
    eventually("the socket is being connected", || is_connecting(&number));
    let socket = format!("socket:[{number}]");
    assert!(is_open(&socket));
    (sandbox, socket)
}

/// Whether the socket waits for an answer to its connection (`proc_net_tcp` of the kernel's documentation).
fn is_connecting(number: &str) -> bool {
    let sockets = fs::read_to_string("/proc/self/net/tcp").unwrap();
    let mut sockets = sockets.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    sockets.any(|columns| columns[3] == "02" && columns[9] == number)
}

/// Whether this process has the socket open.
fn is_open(socket: &str) -> bool {
    let descriptors = fs::read_dir("/proc/self/fd").unwrap();
    descriptors.flatten().any(|one| fs::read_link(one.path()).is_ok_and(|target| target == Path::new(socket)))
}

fn eventually(what: &str, condition: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_secs(20);
    while !condition() {
        assert!(Instant::now() < until, "never: {what}");
        thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_sandbox_killed_while_it_connects_leaves_no_thread_and_no_descriptor() {
    let (silent, _kept) = silence();
    let (mut sandbox, socket) = connecting(silent);
    sandbox.child.kill().unwrap();
    sandbox.child.wait().unwrap();
    let supervisor = sandbox.supervisor.take().unwrap();
    eventually("the threads end by themselves", || supervisor.has_ended());
    assert!(!is_open(&socket));
}

#[test]
fn without_its_supervisor_a_sandbox_can_connect_no_more() {
    let (silent, _kept) = silence();
    let (mut sandbox, socket) = connecting(silent);
    drop(sandbox.supervisor.take());
    assert!(!is_open(&socket));
    assert_eq!(sandbox.line(), "TimeoutError ETIMEDOUT");
}

#[test]
fn a_signal_ends_the_wait_for_a_connection() {
    let (silent, _kept) = silence();
    let (mut sandbox, _) = connecting(silent);
    rustix::process::kill_process(Pid::from_child(&sandbox.child), Signal::INT).unwrap();
    assert_eq!(sandbox.line(), "interrupted");
}

#[test]
fn connections_that_wait_hold_up_no_others() {
    let (silent, _kept) = silence();
    let (_forbidden, [port, _], _) = servers();
    let open = SocketAddr::new(silent.ip(), port);
    let rules = OutwardRules::for_tests(Vec::new(), vec![silent, open], Vec::new());
    let code = "
waiting = [socket.socket() for _ in range(10)]
for s in waiting:
    threading.Thread(target=told, args=(s.connect, ('127.0.0.1', other)), daemon=True).start()
for _ in range(100):
    with socket.create_connection(('127.0.0.1', port)) as s:
        assert s.recv(100) == b'welcome'
print('all', flush=True)
os._exit(0)
";
    let sandbox = Sandboxed::start(code, [port, silent.port()], rules);
    assert_eq!(sandbox.output(), "all\n");
}
