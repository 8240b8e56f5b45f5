# Signals reach nobody else: neither the first process nor the parent nor everybody.
# prints: alive
import os

for process in (0, 1, -1, os.getppid(), os.getppid() or 1, *range(3, 3000)):
    if process in (0, -1, os.getpid()):
        continue
    for number in (0, 9, 15, 19):
        try:
            os.kill(process, number)
        except OSError:
            pass
print("alive")
