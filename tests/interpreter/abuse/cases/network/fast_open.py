# What sends without a connection does not reach anybody either.
# prints: set()
import attack

FAST_OPEN, LOCAL_PORT_80 = 0x20000000, bytes([2, 0, 0, 80, 127, 0, 0, 1]) + bytes(8)
answers = {
    attack.call(44, 1, b"x", 1, FAST_OPEN, LOCAL_PORT_80, 16),
    attack.call(46, 3, bytes(56), 0),
    attack.call(307, 3, bytes(64), 1, 0),
    attack.call(41, 2, 1, 0),
    attack.call(0x40000000 | 41, 2, 1, 0),
}
print(answers - {"ENOTSOCK", "EPERM", "ENOSYS"})
