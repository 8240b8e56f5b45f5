# Code that ignores every signal is ended all the same.
# ends: timed out
# seconds: 0.3
import signal

for number in signal.valid_signals():
    try:
        signal.signal(number, signal.SIG_IGN)
    except OSError:
        pass
while True:
    pass
