# The file that takes too much output cannot be led elsewhere.
# prints: xxxx…
# left out: output.txt: It is a link, and links are not followed.
import os
import threading

os.symlink("/etc/passwd", ".taipan-output")
os.symlink("/etc/passwd", "output.txt")
print("x" * 3_000_000)
