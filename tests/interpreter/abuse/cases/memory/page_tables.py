# Reading one byte in each two megabytes takes nothing but page tables, which count.
# ends: out of memory or killed … or raised …
# note: …
import ctypes

libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
READ, PRIVATE_ANONYMOUS_NORESERVE = 1, 0x4022
size = 1 << 40
at = libc.mmap(None, size, READ, PRIVATE_ANONYMOUS_NORESERVE, -1, 0)
for place in range(at, at + size, 1 << 21):
    ctypes.string_at(place, 1)
