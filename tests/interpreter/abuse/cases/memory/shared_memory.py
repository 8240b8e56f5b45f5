# Shared memory is not private, but counts all the same.
# ends: out of memory
# note: The memory limit of 200 MB was hit.
import mmap

block = mmap.mmap(-1, 4 * 10**9)
while True:
    block.write(bytes(10_000_000))
