# Threads that take memory together have no more of it than one.
# ends: raised MemoryError: … or raised RuntimeError: can't start new thread… or out of memory or killed … or timed out
# seconds: 3
# prints: …
# note: …
import threading

kept = []


def take():
    while True:
        kept.append(bytearray(500_000))


for _ in range(20):
    threading.Thread(target=take).start()
while True:
    kept.append(bytearray(500_000))
