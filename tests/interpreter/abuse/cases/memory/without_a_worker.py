# Code that hangs up on its worker is ended, so that nobody has to watch over it.
# ends: killed 9
import attack
import mmap
import os

os.close(attack.frame_socket())
os.close(attack.frame_socket())
block = mmap.mmap(-1, 4 * 10**9)
while True:
    block.write(bytes(10_000_000))
