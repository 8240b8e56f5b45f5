# Pairs of sockets within the process exist in one kind, which cannot be sent elsewhere or carry descriptors.
# prints: datagrams PermissionError
# prints: inet …Error
# prints: descriptors PermissionError
# prints: connect PermissionError
# prints: bind PermissionError
# prints: listen PermissionError
import array
import socket

one, other = socket.socketpair()
for name, attempt in {
    "datagrams": lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM),
    "inet": lambda: socket.socketpair(socket.AF_INET),
    "descriptors": lambda: one.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [1]))]),
    "connect": lambda: one.connect("\0abstract"),
    "bind": lambda: one.bind("\0abstract"),
    "listen": lambda: one.listen(),
}.items():
    try:
        attempt()
        print(name, "done")
    except OSError as error:
        print(name, type(error).__name__)
