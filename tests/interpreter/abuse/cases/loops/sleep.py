# A sleep of years is stopped.
# ends: timed out
# seconds: 0.3
import time

time.sleep(1e9)
