# A flood on descriptors 1 and 2 is treated as if it had been printed.
# ends: timed out
# seconds: 1
# prints: …
# makes: output.txt
import os

while True:
    os.write(1, b"x" * 65536)
    os.write(2, b"y" * 65536)
