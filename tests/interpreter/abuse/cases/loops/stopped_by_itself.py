# Code that holds itself still is ended at its time limit.
# ends: timed out
# seconds: 0.3
import os
import signal

os.kill(os.getpid(), signal.SIGSTOP)
