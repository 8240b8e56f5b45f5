# Files that everybody may run as their owner come out as ordinary ones.
# makes: all, root
import os

for name, mode in (("root", 0o6755), ("all", 0o1777)):
    with open(name, "w") as file:
        file.write("#!/bin/sh")
    os.chmod(name, mode)
