# What has no main thread any more shows the watch nothing, so it is ended.
# ends: killed 9
import ctypes
import mmap
import threading
import time


def take():
    time.sleep(0.1)
    block = mmap.mmap(-1, 4 * 10**9)
    while True:
        block.write(bytes(10_000_000))


threading.Thread(target=take).start()
ctypes.CDLL(None).syscall(60, 0)
