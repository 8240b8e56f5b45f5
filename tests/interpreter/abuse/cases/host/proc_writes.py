# Nothing under /proc can be written.
# prints: []
import os

written = []
for folder, _, names in os.walk("/proc/sys"):
    for name in names:
        try:
            os.close(os.open(os.path.join(folder, name), os.O_WRONLY))
            written.append(os.path.join(folder, name))
        except OSError:
            pass
for name in ("/proc/sysrq-trigger", "/proc/self/comm", "/proc/self/uid_map", "/proc/self/setgroups", "/proc/self/timerslack_ns",
             "/proc/self/coredump_filter", "/proc/self/attr/current", "/proc/self/clear_refs", "/proc/self/loginuid", "/proc/self/autogroup"):
    try:
        os.close(os.open(name, os.O_WRONLY))
        written.append(name)
    except OSError:
        pass
print(written)
