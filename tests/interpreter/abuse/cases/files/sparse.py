# A file of a terabyte that is not there is not made; one that seems to have gigabytes is not read.
# prints: [Errno 27] File too large
# makes: also
# left out: seemingly: The files of a run may have 20.0 MB together, and this one does not fit.
import os

for name in ("seemingly", "also"):
    with open(name, "wb") as file:
        file.truncate(12_000_000)
try:
    os.truncate("seemingly", 10**12)
except OSError as error:
    print(str(error)[:25])
