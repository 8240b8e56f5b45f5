# Threads by the thousand come to as many as are allowed.
# prints: RuntimeError True
# note: …
import threading
import time

started = 0
try:
    while started < 5000:
        threading.Thread(target=time.sleep, args=(1,), daemon=True).start()
        started += 1
except RuntimeError as error:
    print(type(error).__name__, 10 < started < 100 or started)
