# A folder takes as many files as it may hold; of those, as many are collected as may be.
# ends: raised OSError: [Errno 28] No space left on device: …
# note: The limit of 100000 files and folders of a run was hit.
# seconds: 30
# makes: …
# left out: …
number = 0
while True:
    number += 1
    open(f"{number}", "w").close()
