//! What the code of a sandbox can reach, and what it cannot.

use super::{
    own_addresses,
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
    let refused = "PermissionError EPERM";
    assert_eq!(output_of(&code), format!("{refused}\n{refused}\n{refused} {refused}\n"));
}

#[test]
fn other_sockets_and_other_ways_to_connect_are_refused() {
    let code = "
print(told(socket.socket, socket.AF_INET, socket.SOCK_DGRAM), told(socket.socket, socket.AF_INET6, socket.SOCK_RAW, 58))
print(told(socket.socket, socket.AF_UNIX), told(socket.socket, socket.AF_NETLINK, socket.SOCK_RAW))
print(told(socket.socket, socket.AF_INET, socket.SOCK_STREAM, 262), told(socket.socketpair, None, socket.SOCK_DGRAM))
s = socket.socket()
print(told(s.bind, ('0.0.0.0', 0)), told(s.listen), told(s.accept))
print(told(s.sendto, b'x', ('127.0.0.1', port)), told(s.sendto, b'x', socket.MSG_FASTOPEN, ('127.0.0.1', port)))
print(told(s.sendmsg, [b'x'], [], socket.MSG_FASTOPEN, ('127.0.0.1', port)), told(s.sendmsg, [b'x'], [], 0, ('127.0.0.1', port)))
print(told(s.setsockopt, socket.IPPROTO_TCP, 30, 1), told(s.setsockopt, socket.IPPROTO_IP, 4, bytes([131, 7, 4, 127, 0, 0, 1, 0])))
print(told(s.setsockopt, socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 9)), told(s.setsockopt, socket.IPPROTO_TCP, socket.TCP_NODELAY, 1))
import fcntl
print(told(fcntl.ioctl, s, 0x8912, bytes(40)), told(fcntl.ioctl, s, 0x5421, struct.pack('i', 1)))
libc = ctypes.CDLL(None, use_errno=True)
def raw(*arguments):
    return 'done' if libc.syscall(*arguments) == 0 else errno.errorcode[ctypes.get_errno()]
print(raw(42, s.fileno(), bytes(16), 16), raw(42, s.fileno(), bytes(16), 200), raw(42, s.fileno(), None, 16), raw(42, 99, struct.pack('=H', 2) + struct.pack('>H4s8x', port, bytes([127, 0, 0, 1])), 16))
print(raw(42, 1, struct.pack('=H', 2) + struct.pack('>H4s8x', port, bytes([127, 0, 0, 1])), 16), raw(42, s.fileno(), b'\\2\\0', 2))
print(raw(0x40000000 + 41, 2, 1, 0), raw(425, 8, bytes(120)))
";
    let refused = "PermissionError EPERM";
    let expected = format!(
        "{refused} {refused}\n{refused} {refused}\n{refused} {refused}\n{refused} {refused} {refused}\n\
         {refused} {refused}\n{refused} BrokenPipeError EPIPE\nOSError ENOPROTOOPT OSError ENOPROTOOPT\n\
         OSError ENOPROTOOPT done\n{refused} done\nEPERM EINVAL EFAULT EBADF\nENOTSOCK EINVAL\nENOSYS ENOSYS\n"
    );
    assert_eq!(output_of(code), expected);
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
