# Threads that start threads without end leave the bystander alone.
# ends: timed out or raised MemoryError: … or killed 6
# seconds: 1
# prints: …
# note: …
import _thread


def breed():
    while True:
        try:
            _thread.start_new_thread(breed, ())
        except RuntimeError:
            pass


breed()
