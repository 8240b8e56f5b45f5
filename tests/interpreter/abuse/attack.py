"""What several attacks need: raw system calls, and the words between a sandbox and its worker."""

import ctypes
import errno
import os
import stat
import struct

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long


def call(number, *arguments):
    """Make a system call by its number; tell `done` or the error's name."""
    given = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    answer = libc.syscall(ctypes.c_long(number), *given)
    return "done" if answer >= 0 else errno.errorcode.get(ctypes.get_errno(), "?")


def open_descriptors():
    """List the open descriptors, with the modes that tell what they are."""
    found = {}
    for number in range(256):
        try:
            found[number] = os.fstat(number).st_mode
        except OSError:
            pass
    return found


def frame_socket():
    """Find the socket to the worker."""
    return next(number for number, mode in open_descriptors().items() if stat.S_ISSOCK(mode))


def number(value):
    """Encode an unsigned number as postcard does."""
    out = bytearray()
    while True:
        value, low = value >> 7, value & 0x7F
        out.append(low | (0x80 if value else 0))
        if not value:
            return bytes(out)


def text(value):
    """Encode a text or bytes."""
    value = value if isinstance(value, bytes) else value.encode()
    return number(len(value)) + value


def frame(payload):
    """Put the length in front of a message."""
    return struct.pack("<I", len(payload)) + payload


PREPARED, ASKS, READY, WROTE, FLUSH, DISPLAY, NOTE, INSTALL, ENDED = (number(kind) for kind in range(9))
COMPLETED = ENDED + number(0) + number(0)


def wrote(stream, writer, what):
    """Say that code wrote something."""
    return frame(WROTE + bytes([stream]) + number(writer) + text(what))


def say(data):
    """Send all of it to the worker."""
    data = memoryview(data)
    while data:
        data = data[os.write(frame_socket(), data) :]


def words_of_others():
    """Give what must not be found in this process, without holding it in memory in one piece."""
    return [word[::-1] for word in ("a6f1c8 :sdrow nwo s'rednatsyb", "6f1c8-tseretni-fo-nekot"[::-1])]
