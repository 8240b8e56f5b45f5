# Threads that write as fast as they can are heard within the limits.
# ends: timed out
# seconds: 1
# prints: …
# makes: output.txt
import threading


def write():
    while True:
        print("thread")


for _ in range(30):
    threading.Thread(target=write).start()
write()
