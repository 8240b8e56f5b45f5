# Code that puts its own function in the place of the one that stops it is ended all the same.
# ends: timed out
# seconds: 0.3
# prints: ha…
import signal
import time

signal.signal(signal.SIGUSR2, lambda *_: print("ha"))
while True:
    time.sleep(0.01)
