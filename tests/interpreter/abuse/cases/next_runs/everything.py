# Threads, exit functions, destructors, timers and hooks do not reach the next run.
# prints: left
# note: …
import atexit
import builtins
import gc
import signal
import sys
import threading
import time
import weakref


def haunt(*_):
    while True:
        time.sleep(0.01)
        print("boo")


class Ghost:
    def __del__(self):
        pass


threading.Thread(target=haunt, daemon=True).start()
sys.addaudithook(lambda *_: None)
sys.meta_path.insert(0, Ghost())
sys.path_hooks.insert(0, lambda _: 1 / 0)
sys.excepthook = sys.unraisablehook = sys.displayhook = None
builtins.open = builtins.print_ = None
builtins.len = lambda _: 42
signal.signal(signal.SIGALRM, haunt)
gc.callbacks.append(lambda *_: None)
sys.setswitchinterval(100)
sys.setrecursionlimit(100)
builtins.ghost = Ghost()
sys.modules["json"] = Ghost()
print("left")
# next run
# prints: 3 True False False
import builtins
import json
import os
import sys
import threading

print(len([1, 2, 3]), callable(open), hasattr(builtins, "ghost"), any(type(one).__name__ == "Ghost" for one in sys.meta_path))
