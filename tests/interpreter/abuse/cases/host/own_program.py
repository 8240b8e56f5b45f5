# The program the sandbox runs cannot be changed. (runc's CVE-2019-5736 was a way to do that.)
# prints: []
import os

written = []
for path in ("/proc/self/exe", "/proc/1/exe", *{line.split()[-1] for line in open("/proc/self/maps") if "/" in line}):
    for flags in (os.O_WRONLY, os.O_RDWR, os.O_RDWR | os.O_TRUNC, os.O_WRONLY | os.O_APPEND):
        try:
            os.close(os.open(path, flags))
            written.append(path)
        except OSError:
            pass
print(written)
