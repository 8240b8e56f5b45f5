# Priorities, limits and processors of others cannot be changed.
# prints: alone
import os
import resource

for process in (1, 3, 4, 5, 100, 1000):
    for attempt in (
        lambda: resource.prlimit(process, resource.RLIMIT_NOFILE, (0, 0)) if process != 1 else None,
        lambda: os.sched_setaffinity(process, {0}),
        lambda: os.setpriority(os.PRIO_PROCESS, process, 19),
    ):
        try:
            attempt()
        except OSError:
            pass
try:
    os.setpriority(os.PRIO_USER, 1000, 19)
except OSError:
    pass
print("alone")
