//! Looking names up, through the C library and through the resolvers of a host.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket},
    thread,
};

use super::{OutwardRules, sandboxed::Sandboxed};

/// A resolver that knows 203.0.113.7 under every name; under those that begin with `long` it knows more, but tells it
/// over TCP only.
fn resolver() -> SocketAddr {
    let tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = tcp.local_addr().unwrap();
    let udp = UdpSocket::bind(address).unwrap();
    let over_udp = move || {
        let mut question = [0; 512];
        while let Ok((length, from)) = udp.recv_from(&mut question) {
            let question = &question[..length];
            let is_long = question[13..].starts_with(b"long");
            let answer = if is_long { answer(question, 0x83, &[]) } else { answer(question, 0x81, &[7]) };
            // A message that belongs to another question is to be passed over.
            let mut stray = answer.clone();
            stray[0] ^= 1;
            udp.send_to(&stray, from).unwrap();
            udp.send_to(&answer, from).unwrap();
        }
    };
    let over_tcp = move || {
        for mut stream in tcp.incoming().flatten() {
            let mut length = [0; 2];
            stream.read_exact(&mut length).unwrap();
            let mut question = vec![0; u16::from_be_bytes(length).into()];
            stream.read_exact(&mut question).unwrap();
            let answer = answer(&question, 0x81, &[8, 9]);
            stream.write_all(&u16::try_from(answer.len()).unwrap().to_be_bytes()).unwrap();
            stream.write_all(&answer).unwrap();
        }
    };
    thread::Builder::new().spawn(over_udp).unwrap();
    thread::Builder::new().spawn(over_tcp).unwrap();
    address
}

/// Answers a question for IPv4 addresses with those hosts of 203.0.113.0/24, another one with nothing.
fn answer(question: &[u8], flags: u8, hosts: &[u8]) -> Vec<u8> {
    let name = question[12..].iter().position(|byte| *byte == 0).unwrap();
    let end = 12 + name + 5;
    let hosts = if question[end - 3] == 1 { hosts } else { &[] };
    let mut answer = question[..end].to_vec();
    answer[2..12].copy_from_slice(&[flags, 0x80, 0, 1, 0, u8::try_from(hosts.len()).unwrap(), 0, 0, 0, 0]);
    for host in hosts {
        answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 203, 0, 113, *host]);
    }
    answer
}

fn output_of(code: &str, resolvers: Vec<SocketAddr>) -> String {
    let rules = OutwardRules::for_tests(Vec::new(), Vec::new(), resolvers);
    Sandboxed::start(code, [0, 0], rules).output()
}

#[test]
fn names_are_looked_up_as_usual() {
    let code = "
def addresses(name):
    return sorted({found[4][0] for found in socket.getaddrinfo(name, 80)})

print(addresses('some.example'), socket.gethostbyname('another.example'))
print(addresses('long.example'))
print(told(socket.create_connection, ('some.example', 80)))
found, start = [], time.monotonic()
threads = [threading.Thread(target=lambda: found.append(addresses('some.example'))) for _ in range(40)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(found == [['203.0.113.7']] * 40, time.monotonic() - start < 25)
";
    let expected = "['203.0.113.7'] 203.0.113.7\n['203.0.113.8', '203.0.113.9']\nPermissionError EPERM\nTrue True\n";
    assert_eq!(output_of(code, vec![resolver()]), expected);
}

#[test]
fn the_next_resolver_is_asked_when_one_keeps_silent_or_is_not_there() {
    let silent = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let gone = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    let resolvers = vec![gone, silent.local_addr().unwrap(), resolver()];
    assert_eq!(output_of("print(socket.gethostbyname('some.example'))", resolvers), "203.0.113.7\n");
}

#[test]
fn the_nameserver_is_no_way_to_anything_else() {
    let code = "
def ask(message):
    with socket.create_connection(('192.0.2.53', 53)) as s:
        try:
            s.sendall(message)
            return s.recv(100)
        except ConnectionError:
            return b''

print(ask(b'\\0\\1x'), ask(b'\\xff\\xff' + bytes(65535)), ask(b'GET / HTTP/1.0\\r\\n\\r\\n'))
";
    assert_eq!(output_of(code, vec![resolver()]), "b'' b'' b''\n");
}
