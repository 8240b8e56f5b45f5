# What is mounted can be neither taken away nor mounted anew.
# prints: {'EPERM'}
import attack

answers = {
    attack.call(166, b"/mnt/in", 2),
    attack.call(165, b"none", b"/tmp", b"tmpfs", 0, 0),
    attack.call(165, b"/", b"/", b"", 0x1000 | 0x20, 0),
    attack.call(165, b"/usr", b"/tmp", b"", 0x1000, 0),
    attack.call(442, -100, b"/usr", 0x8000, bytes(32), 32),
    attack.call(428, -100, b"/usr", 1),
    attack.call(429, -100, b"/usr", -100, b"/tmp", 0),
    attack.call(430, b"tmpfs", 0),
    attack.call(433, -100, b"/usr", 0),
    attack.call(155, b".", b"."),
    attack.call(161, b"/tmp"),
}
print(answers)
