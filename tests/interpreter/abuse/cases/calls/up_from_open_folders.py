# Open folders lead up no further than the sandbox's own root.
# prints: True
import os

handle = os.open("/", os.O_RDONLY)
for _ in range(20):
    handle = os.open("..", os.O_RDONLY, dir_fd=handle)
os.fchdir(handle)
print(sorted(os.listdir(".")) == sorted(os.listdir("/")))
