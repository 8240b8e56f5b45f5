# A jump to nowhere ends the process.
# ends: killed 11
import ctypes

ctypes.CFUNCTYPE(None)(12345)()
