# Code that blocks every signal is ended all the same.
# ends: timed out
# seconds: 0.3
import signal

signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
while True:
    pass
