# A file that becomes shorter under a mapping ends the process.
# ends: killed 7
import mmap
import os

with open("/tmp/file", "w+b") as file:
    file.truncate(10000)
    block = mmap.mmap(file.fileno(), 10000)
    file.truncate(0)
    block[5000]
