# A trace function that swallows what is raised in it does not keep the code from being ended.
# ends: timed out
# seconds: 0.3
import sys


def trace(*_):
    return trace


sys.settrace(trace)
while True:
    try:
        while True:
            pass
    except BaseException:
        continue
