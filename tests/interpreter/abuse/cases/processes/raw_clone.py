# No form of `clone` makes a process or a namespace.
# prints: set()
import attack

CHILD, MEMORY, VFORK, SIBLING = 17, 0x100, 0x4000, 0x8000
NEW_TIME, NEW_MOUNTS, NEW_CGROUP, NEW_USER, NEW_PROCESSES, NEW_NETWORK = 0x80, 0x20000, 0x2000000, 1 << 28, 1 << 29, 1 << 30
THREAD = 0x100 | 0x200 | 0x400 | 0x800 | 0x10000 | 0x40000
flags = [CHILD, MEMORY | CHILD, VFORK | MEMORY, SIBLING | CHILD, 0x1000 | CHILD]
flags += [more | new for more in (0, CHILD, THREAD) for new in (NEW_TIME, NEW_MOUNTS, NEW_CGROUP, NEW_USER, NEW_PROCESSES, NEW_NETWORK)]
answers = {attack.call(56, flag, 0, 0, 0, 0) for flag in flags}
answers |= {attack.call(435, bytes(88), 88), attack.call(57), attack.call(58)}
print(answers - {"EPERM", "ENOSYS"})
