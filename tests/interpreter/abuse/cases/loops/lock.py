# A lock that nobody gives back is not waited for longer than the time limit.
# ends: timed out
# seconds: 0.3
import _thread

lock = _thread.allocate_lock()
lock.acquire()
lock.acquire()
