# As many threads in C as are allowed, which hold no lock of Python, leave the bystander its share.
# ends: timed out
# seconds: 1
import hashlib
import threading

block = bytes(10_000_000)


def work():
    while True:
        hashlib.pbkdf2_hmac("sha256", b"", b"", 10**9)


for _ in range(50):
    threading.Thread(target=work).start()
