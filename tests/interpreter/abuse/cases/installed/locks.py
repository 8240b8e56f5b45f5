# Locks on files that others have too can be taken by readers; the bystander does not need them.
# prints: done
import fcntl
import os
import sys

kept = []
for path in (os.__file__, sys.executable, "/opt/venv/pyvenv.cfg"):
    kept.append(open(path, "rb"))
    fcntl.flock(kept[-1], fcntl.LOCK_EX | fcntl.LOCK_NB)
print("done")
