# Pipes and sockets that nobody reads hold little, since few may be open.
# prints: True
import os
import socket

held = 0
pairs = []
try:
    while True:
        pair = socket.socketpair()
        pairs.append(pair)
        pair[0].setblocking(False)
        try:
            pair[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 30)
        except PermissionError:
            pass
        try:
            while True:
                held += pair[0].send(bytes(65536))
        except BlockingIOError:
            pass
except OSError:
    print(held < 60_000_000 or held)
