# An audit hook, which cannot be taken back, ends with the process.
# prints: hooked
import sys


def hook(event, _arguments):
    if event == "open":
        raise RuntimeError("evil")


print("hooked")
sys.addaudithook(hook)
# next run
# prints: True
print(bool(open("/etc/passwd").read()))
