# A collection of garbage that calls back for ever is ended.
# ends: timed out
# seconds: 0.3
# prints: Exception ignored in: …
import gc


def again(_phase, _facts):
    while True:
        pass


gc.callbacks.append(again)
gc.collect()
