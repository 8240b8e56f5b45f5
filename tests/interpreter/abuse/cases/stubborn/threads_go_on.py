# Threads that go on after the code has ended end with it.
# prints: done
# note: …
import threading


def go_on():
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


for _ in range(3):
    threading.Thread(target=go_on, daemon=True).start()
print("done")
