# The files by which memory is read past every check cannot be opened.
# prints: /proc/self/mem PermissionError
# prints: /proc/1/mem PermissionError
# prints: /proc/1/environ PermissionError
# prints: /proc/1/maps PermissionError
# prints: /proc/self/auxv PermissionError
# prints: /proc/kcore …Error
# prints: /proc/self/pagemap PermissionError
# prints: /dev/mem FileNotFoundError
# prints: /dev/kmsg FileNotFoundError
# prints: /proc/kmsg PermissionError
# prints: /proc/self/syscall PermissionError
for path in (
    "/proc/self/mem", "/proc/1/mem", "/proc/1/environ", "/proc/1/maps", "/proc/self/auxv", "/proc/kcore",
    "/proc/self/pagemap", "/dev/mem", "/dev/kmsg", "/proc/kmsg", "/proc/self/syscall",
):
    try:
        open(path, "rb").read(100)
        print(path, "read")
    except OSError as error:
        print(path, type(error).__name__)
