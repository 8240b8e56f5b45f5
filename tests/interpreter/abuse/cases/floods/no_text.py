# A flood of bytes that are no text costs the worker no more than it costs the code.
# ends: timed out
# seconds: 1
# prints: \xff…
# makes: output.txt
import os

while True:
    os.write(1, b"\xff" * 65536)
