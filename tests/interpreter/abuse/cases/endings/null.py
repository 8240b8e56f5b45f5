# A read of address zero ends the process.
# ends: killed 11
import ctypes

ctypes.string_at(0)
