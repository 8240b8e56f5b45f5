# Pipes are told of and not waited for; devices and sockets cannot be made.
# prints: device PermissionError
# prints: socket PermissionError
# left out: pipe.csv: It is a pipe, not a regular file.
import os
import socket
import stat

os.mkfifo("pipe.csv")
try:
    os.mknod("disk", 0o600 | stat.S_IFBLK, os.makedev(8, 0))
except OSError as error:
    print("device", type(error).__name__)
try:
    socket.socket(socket.AF_UNIX).bind("here")
except OSError as error:
    print("socket", type(error).__name__)
