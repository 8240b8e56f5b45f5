# A signal to itself ends the code as any program.
# ends: killed 15
import os
import signal

os.kill(os.getpid(), signal.SIGTERM)
