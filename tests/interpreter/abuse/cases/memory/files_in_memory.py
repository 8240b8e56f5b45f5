# Folders in memory hold what they may hold, and no more.
# prints: /tmp [Errno 28] No space left on device True
# prints: /dev/shm [Errno 28] No space left on device True
import os

for folder in ("/tmp", "/dev/shm"):
    written = 0
    try:
        while True:
            with open(os.path.join(folder, f"large{written}"), "wb", buffering=0) as file:
                written += file.write(bytes(1_000_000))
    except OSError as error:
        print(folder, error, written <= 130 * 2**20)
