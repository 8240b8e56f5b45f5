# The program cannot be exchanged for another.
# prints: execv PermissionError
# prints: fexecve PermissionError
# prints: execveat EPERM
import attack
import os

for name, way in {
    "execv": lambda: os.execv("/bin/sh", ["sh", "-c", "echo out"]),
    "fexecve": lambda: os.execve(os.open("/bin/sh", os.O_RDONLY), ["sh"], {}),
}.items():
    try:
        way()
    except OSError as error:
        print(name, type(error).__name__)
print("execveat", attack.call(322, -100, b"/bin/sh", 0, 0, 0))
