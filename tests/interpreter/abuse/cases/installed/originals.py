# A file that was given stays as it is, however it is written to.
# given: data.csv: a,b
# prints: data.csv becomes the run's own copy
# makes: …
import ctypes
import mmap
import os

libc = ctypes.CDLL(None)
original = os.path.realpath("data.csv")
assert original.startswith("/mnt/in/")
handle = os.open("data.csv", os.O_RDONLY)
for attempt in (
    lambda: os.truncate(original, 0),
    lambda: os.chmod(original, 0o777),
    lambda: os.remove(original),
    lambda: os.rename(original, original + "x"),
    lambda: os.rename("/mnt/data/evil", original),
    lambda: os.link(original, "/mnt/data/hard"),
    lambda: os.open(original, os.O_WRONLY, dir_fd=None) and libc.write(os.open(f"/proc/self/fd/{handle}", os.O_RDWR), b"evil", 4),
    lambda: mmap.mmap(handle, 3, mmap.MAP_SHARED, mmap.PROT_WRITE),
    lambda: os.ftruncate(handle, 0),
    lambda: os.fchmod(handle, 0o777),
    lambda: os.utime(handle, (0, 0)),
    lambda: os.posix_fallocate(handle, 0, 100),
    lambda: libc.open(original.encode(), os.O_RDWR | os.O_TRUNC),
    lambda: libc.syscall(2, original.encode(), os.O_WRONLY | os.O_TRUNC),
    lambda: libc.syscall(76, original.encode(), 0),
    lambda: os.open(os.path.dirname(original), os.O_TMPFILE | os.O_WRONLY),
):
    try:
        attempt()
    except (OSError, ValueError):
        pass
with open("data.csv", "w") as file:
    file.write("changed")
print("data.csv becomes the run's own copy")
