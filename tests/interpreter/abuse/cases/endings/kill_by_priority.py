# Nobody gets faster, nor real-time, nor harder to kill.
# prints: nice PermissionError
# prints: score PermissionError
# prints: real time PermissionError
import os

for name, attempt in {
    "nice": lambda: os.setpriority(os.PRIO_PROCESS, 0, -5),
    "score": lambda: open("/proc/self/oom_score_adj", "w").write("-1000"),
    "real time": lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
}.items():
    try:
        attempt()
        print(name, "done")
    except OSError as error:
        print(name, type(error).__name__)
