# A thread that takes the signal away from the others does not keep the code from being ended.
# ends: timed out
# seconds: 0.3
import signal
import threading

signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2})


def take():
    while True:
        signal.sigwait({signal.SIGUSR2})


threading.Thread(target=take).start()
while True:
    pass
