# A session that is held between its runs cannot let itself go on: nothing sends it the signal for that.
# session: yes
# prints: EPERM EPERM ticking
import attack
import ctypes
import fcntl
import os
import signal
import struct
import threading
import time

SIGCONT, SIGEV_SIGNAL = 18, 0
made = attack.call(222, 1, struct.pack("qii", 0, SIGCONT, SIGEV_SIGNAL) + bytes(48), bytearray(8) and ctypes.create_string_buffer(8))
reading, writing = os.pipe()
signalling = attack.call(72, reading, 10, SIGCONT)
signal.signal(signal.SIGALRM, lambda *_: None)
ctypes.CDLL(None).setitimer(0, struct.pack("qqqq", 0, 10_000, 0, 10_000), None)
count = [0]


def tick():
    while True:
        count[0] += 1
        time.sleep(0.001)


threading.Thread(target=tick, daemon=True).start()
before = count[0], time.monotonic()
print(made, signalling, "ticking")
# next run
# session: yes
# prints: True
print(count[0] < 10000)
