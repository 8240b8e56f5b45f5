# Signals and timers that wait come to as many as are allowed.
# prints: EAGAIN True
# prints: EPERM
import attack
import os
import signal
import struct

signal.pthread_sigmask(signal.SIG_BLOCK, {40})
queued = 0
while (answer := attack.call(129, os.getpid(), 40, struct.pack("iii", 40, 0, -1) + bytes(116))) == "done" and queued < 1000:
    queued += 1
print(answer, queued <= 64)
print(attack.call(222, 0, 0, bytes(8)))
