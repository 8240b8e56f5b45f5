# A file in memory that is mapped counts as memory, and one beyond its folder's size ends the process.
# ends: killed 7 or out of memory
# note: …
import mmap
import os

blocks = []
while True:
    handle = os.open(f"/dev/shm/large{len(blocks)}", os.O_RDWR | os.O_CREAT)
    os.ftruncate(handle, 10_000_000)
    blocks.append(mmap.mmap(handle, 10_000_000))
    blocks[-1].write(bytes(10_000_000))
