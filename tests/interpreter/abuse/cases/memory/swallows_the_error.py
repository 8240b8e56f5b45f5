# Code that goes on after each MemoryError gets no further, and its time ends.
# ends: timed out or out of memory or killed …
# note: …
# seconds: 1
kept = []
while True:
    try:
        kept.append(bytearray(1_000_000))
    except MemoryError:
        pass
