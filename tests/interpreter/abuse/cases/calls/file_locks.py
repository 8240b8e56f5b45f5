# Locks on parts of a file are memory of the kernel; a run gets to no more than some megabytes of them.
# ends: timed out
# seconds: 1
import fcntl

with open("/tmp/locked", "w") as file:
    place = 0
    while True:
        fcntl.lockf(file, fcntl.LOCK_EX, 1, place)
        place += 2
