//! What the code of a sandbox can reach, and what it cannot.

use std::net::{Ipv4Addr, SocketAddr};

use super::{
    OutwardRules, own_addresses,
    sandboxed::{Sandboxed, servers},
};

/// Runs code beside the servers, and gives what it printed.
fn output_of(code: &str) -> String {
    let (forbidden, ports, rules) = servers();
    let output = Sandboxed::start(code, ports, rules).output();
    assert_eq!(forbidden.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock, "somebody got through");
    output
}

#[test]
fn code_connects_outward_with_blocking_and_non_blocking_sockets() {
    let code = "
with socket.create_connection(('127.0.0.1', port)) as s:
    print(s.recv(100))
with socket.socket() as s:
    s.settimeout(30)
    s.connect(('127.0.0.1', port))
    s.sendmsg([b'a', b'b'])
    print(s.recv(100), s.gettimeout())
with socket.socket() as s:
    s.setblocking(False)
    print(errno.errorcode[s.connect_ex(('127.0.0.1', port))], os.get_blocking(s.fileno()))

async def read():
    reader, writer = await asyncio.open_connection('127.0.0.1', port)
    print(await reader.read(100))
    writer.close()

asyncio.run(read())
with socket.socket() as s:
    print(os.get_inheritable(s.fileno()))
";
    assert_eq!(output_of(code), "b'welcome'\nb'welcome' 30.0\nEINPROGRESS False\nb'welcome'\nFalse\n");
}

#[test]
fn code_connects_outward_with_sockets_for_ipv6() {
    let (_forbidden, [port, other], _) = servers();
    let address = SocketAddr::new(Ipv4Addr::LOCALHOST.to_ipv6_mapped().into(), port);
    let rules = OutwardRules::for_tests(Vec::new(), vec![address], Vec::new());
    let code = "
with socket.socket(socket.AF_INET6) as s:
    s.connect(('::ffff:127.0.0.1', port))
    print(s.recv(100))
print(connecting(('::ffff:127.0.0.1', other), socket.AF_INET6))
";
    assert_eq!(Sandboxed::start(code, [port, other], rules).output(), format!("b'welcome'\n{REFUSED}\n"));
}

#[test]
fn nothing_inside_the_host_or_beside_it_can_be_connected_to() {
    let own = own_addresses::read().unwrap();
    let own = own.iter().map(|address| format!("'{address}'")).collect::<Vec<_>>().join(", ");
    let code = format!(
        "
for address in ['127.0.0.1', '127.0.0.2', '0.0.0.0', '169.254.169.254', '10.0.0.1', '192.168.1.1', '224.0.0.1', {own}]:
    for family, form in [(socket.AF_INET, ''), (socket.AF_INET6, '::ffff:'), (socket.AF_INET6, '64:ff9b::')]:
        if ':' in address:
            family, form = socket.AF_INET6, ''
        result = connecting((form + address, other), family)
        assert result == 'PermissionError EPERM', (form + address, result)
for address in ['::1', '::', 'fe80::1', 'fd00::1']:
    assert connecting((address, other), socket.AF_INET6) == 'PermissionError EPERM', address
print(connecting(('::ffff:127.0.0.1', port), socket.AF_INET6))
print(connecting(('192.0.2.53', 54)))
one, two = socket.socketpair()
print(told(one.connect, '/tmp/a'), told(one.connect, '\\0a'))
"
    );
    assert_eq!(output_of(&code), format!("{REFUSED}\n{REFUSED}\n{REFUSED} {REFUSED}\n"));
}

const REFUSED: &str = "PermissionError EPERM";
const NO_SUCH_OPTION: &str = "OSError ENOPROTOOPT";

/// Calls, with a TCP socket `s` and `host` as its address, and what comes of them.
const OTHER_WAYS: [(&str, &str); 25] = [
    // Sockets of other kinds.
    ("socket.socket, socket.AF_INET, socket.SOCK_DGRAM", REFUSED),
    ("socket.socket, socket.AF_INET6, socket.SOCK_DGRAM", REFUSED),
    ("socket.socket, socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6", REFUSED),
    ("socket.socket, socket.AF_INET, socket.SOCK_STREAM, 262", REFUSED), // IPPROTO_MPTCP
    ("socket.socket, socket.AF_INET, socket.SOCK_SEQPACKET, socket.IPPROTO_SCTP", REFUSED),
    ("socket.socket, socket.AF_UNIX", REFUSED),
    ("socket.socket, socket.AF_NETLINK, socket.SOCK_RAW", REFUSED),
    ("socket.socket, 40", REFUSED), // AF_VSOCK
    ("socket.socketpair, socket.AF_UNIX, socket.SOCK_DGRAM", REFUSED),
    // Being connected to.
    ("s.bind, ('0.0.0.0', 0)", REFUSED),
    ("s.listen", REFUSED),
    ("s.accept", REFUSED),
    // Connecting by sending, at once or later.
    ("s.sendto, b'x', host", REFUSED),
    ("s.sendto, b'x', socket.MSG_FASTOPEN, host", REFUSED),
    ("s.send, b'x', socket.MSG_FASTOPEN", REFUSED),
    ("s.sendmsg, [b'x'], [], socket.MSG_FASTOPEN, host", REFUSED),
    ("s.sendmsg, [b'x'], [], 0, host", "BrokenPipeError EPIPE"),
    ("s.setsockopt, socket.IPPROTO_TCP, 30, 1", NO_SUCH_OPTION), // TCP_FASTOPEN_CONNECT
    // A route of one's own, through 127.0.0.1; and a `close` that keeps others waiting.
    ("s.setsockopt, socket.IPPROTO_IP, socket.IP_OPTIONS, bytes([131, 7, 4, 127, 0, 0, 1, 0])", NO_SUCH_OPTION),
    ("s.setsockopt, socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 9)", NO_SUCH_OPTION),
    // The host's interfaces (SIOCGIFCONF, SIOCGIWNAME).
    ("fcntl.ioctl, s, 0x8912, bytes(40)", REFUSED),
    ("fcntl.ioctl, s, 0x8b01, bytes(40)", REFUSED),
    // What is none of that stays.
    ("fcntl.ioctl, s, 0x5421, struct.pack('i', 1)", "done"), // FIONBIO
    ("s.setsockopt, socket.IPPROTO_TCP, socket.TCP_NODELAY, 1", "done"),
    ("socket.socketpair", "done"),
];

#[test]
fn other_sockets_and_other_ways_to_connect_are_refused() {
    let calls = OTHER_WAYS.map(|(call, _)| format!("print(told({call}))\n")).concat();
    let output = output_of(&format!("import fcntl\ns, host = socket.socket(), ('127.0.0.1', port)\n{calls}"));
    for ((call, expected), came) in OTHER_WAYS.iter().zip(output.lines()) {
        assert_eq!(came, *expected, "{call}");
    }
    assert_eq!(output.lines().count(), OTHER_WAYS.len());
}

#[test]
fn addresses_that_are_none_are_answered_as_the_kernel_would() {
    let code = format!(
        "
libc = ctypes.CDLL(None, use_errno=True)
host = struct.pack('=H', socket.AF_INET) + struct.pack('>H4s8x', port, bytes([127, 0, 0, 1]))

def raw(*arguments):
    return 'done' if libc.syscall(*arguments) == 0 else errno.errorcode[ctypes.get_errno()]

def connect(descriptor, address, length=16):
    return raw({connect}, descriptor, address, length)

with socket.socket() as s:
    tcp = s.fileno()
    print(connect(tcp, bytes(16)), connect(tcp, host, 200), connect(tcp, host, -1), connect(tcp, host, 1))
    print(connect(tcp, None), connect(tcp, host, 15), connect(99, host), connect(1, host))
    print(raw({io_uring}, 8, bytes(120)), connect(tcp, host))
",
        connect = libc::SYS_connect,
        io_uring = libc::SYS_io_uring_setup,
    );
    assert_eq!(output_of(&code), "EPERM EINVAL EINVAL EINVAL\nEFAULT EINVAL EBADF ENOTSOCK\nENOSYS done\n");
}

/// The x32 ABI has numbers of its own for all calls.
#[cfg(target_arch = "x86_64")]
#[test]
fn calls_by_other_numbers_are_refused() {
    let code = "
libc = ctypes.CDLL(None, use_errno=True)
print(libc.syscall(0x40000000 + 41, socket.AF_INET, socket.SOCK_STREAM, 0), errno.errorcode[ctypes.get_errno()])
";
    assert_eq!(output_of(code), "-1 ENOSYS\n");
}

#[test]
fn changing_the_address_while_it_is_judged_never_gets_through() {
    let code = "
def address(port):
    return struct.pack('=H', 2) + struct.pack('>H4s8x', port, bytes([127, 0, 0, 1]))

place = ctypes.create_string_buffer(address(port), 16)
good, bad = address(port), address(other)

def change():
    while True:
        place.raw = bad
        place.raw = good

threading.Thread(target=change, daemon=True).start()
sys.setswitchinterval(1e-6)
libc = ctypes.CDLL(None, use_errno=True)
seen = {0: 0, errno.EPERM: 0}
until = time.monotonic() + 20
while min(seen.values()) < 300 and time.monotonic() < until:
    with socket.socket() as s:
        result = libc.connect(s.fileno(), place, 16)
        seen[0 if result == 0 else ctypes.get_errno()] += 1
        if result == 0:
            assert s.getpeername() == ('127.0.0.1', port)
print(min(seen.values()) >= 300, flush=True)
os._exit(0)
";
    // `output_of` sees to it that nobody reached the other port.
    assert_eq!(output_of(code), "True\n");
}
