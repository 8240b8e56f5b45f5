# Recursion in C that fills the stack ends the process, or is refused.
# ends: killed 11 or raised RecursionError: …
# seconds: 30
import sys

sys.setrecursionlimit(2**31 - 1)
value = []
for _ in range(300_000):
    value = [value]
repr(value)
