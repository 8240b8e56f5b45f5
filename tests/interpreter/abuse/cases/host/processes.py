# Nobody is seen but the sandbox itself.
# prints: ['1', '2'] 2 0
import os

print(sorted(name for name in os.listdir("/proc") if name.isdigit()), os.getpid(), os.getppid())
