# The calls that lead out of sandboxes, one by one, are refused.
# Some of them have names: shocker's `open_by_handle_at`, the `unshare` of half of all kernel holes, `userfaultfd`, `io_uring`, `bpf`,
# `keyctl` (CVE-2016-0728), `fsconfig` (CVE-2022-0185), `splice` (CVE-2022-0847), `add_key`, `modify_ldt`, `perf_event_open`.
# prints: []
import attack

CALLS = {
    "ptrace": (101, 0, 0, 0, 0), "ptrace attach": (101, 16, 1, 0, 0), "process_vm_readv": (310, 1, 0, 0, 0, 0, 0),
    "process_vm_writev": (311, 1, 0, 0, 0, 0, 0), "unshare user": (272, 0x10000000), "unshare all": (272, 0x7E020000),
    "setns": (308, 0, 0), "chroot": (161, b"/tmp"), "pivot_root": (155, b"/", b"/"), "mount": (165, b"a", b"/tmp", b"tmpfs", 0, 0),
    "open_by_handle_at": (304, 0, bytes(64), 0), "name_to_handle_at": (303, -100, b"/", bytes(128), bytes(8), 0),
    "io_uring_setup": (425, 8, bytes(120)), "io_uring_enter": (426, 3, 1, 0, 0, 0, 0), "io_uring_register": (427, 3, 0, 0, 0),
    "bpf": (321, 0, bytes(120), 120), "keyctl": (250, 0, 0, 0, 0, 0), "add_key": (248, b"user", b"a", b"b", 1, -3),
    "request_key": (249, b"user", b"a", 0, -3), "userfaultfd": (323, 0), "perf_event_open": (298, bytes(120), 0, -1, -1, 0),
    "personality": (135, 0x0040000), "modify_ldt": (154, 1, bytes(16), 16), "kexec_load": (246, 0, 0, 0, 0),
    "kexec_file_load": (320, 0, 0, 0, 0, 0), "init_module": (175, bytes(8), 8, b""), "finit_module": (313, 0, b"", 0),
    "delete_module": (176, b"x", 0), "seccomp": (317, 1, 0, bytes(16)), "seccomp listener": (317, 1, 8, bytes(16)),
    "landlock_create_ruleset": (444, 0, 0, 1), "landlock_restrict_self": (446, 0, 0), "pidfd_open": (434, 1, 0),
    "pidfd_getfd": (438, 3, 0, 0), "pidfd_send_signal": (424, 3, 9, 0, 0), "kcmp": (312, 1, 2, 0, 0, 0),
    "memfd_create": (319, b"x", 0), "memfd_secret": (447, 0), "shmget": (29, 0, 4096, 0o1600), "semget": (64, 0, 1, 0o1600),
    "msgget": (68, 0, 0o1600), "mq_open": (240, b"x", 0o102, 0o600, 0), "splice": (275, 0, 0, 1, 0, 1, 0),
    "vmsplice": (278, 1, bytes(16), 1, 0), "tee": (276, 0, 1, 1, 0), "inotify": (294, 0), "fanotify": (300, 0, 0),
    "setuid": (105, 0), "setgid": (106, 0), "setresuid": (117, 0, 0, 0), "setgroups": (116, 0, 0), "setfsuid": (122, 0),
    "capset": (126, bytes(8), bytes(24)), "prctl mm": (157, 35, 1, 0, 0, 0), "prctl dumpable": (157, 4, 1, 0, 0),
    "prctl seccomp": (157, 22, 2, 0, 0), "prctl ptracer": (157, 0x59616D61, -1, 0, 0), "prctl pdeathsig": (157, 1, 9, 0, 0),
    "prctl keepcaps": (157, 8, 1, 0, 0), "prctl ambient": (157, 47, 2, 21, 0), "prctl subreaper": (157, 36, 1, 0, 0),
    "prctl syscall dispatch": (157, 59, 1, 0, 0), "prctl tsc": (157, 26, 2, 0, 0), "iopl": (172, 3), "ioperm": (173, 0, 1024, 1),
    "swapon": (167, b"/tmp/x", 0), "reboot": (169, 0xFEE1DEAD, 0x28121969, 0, 0), "syslog": (103, 3, bytes(100), 100),
    "acct": (163, b"/tmp/x"), "quotactl": (179, 0, 0, 0, 0), "sethostname": (170, b"x", 1), "settimeofday": (164, bytes(16), 0),
    "clock_settime": (227, 0, bytes(16)), "adjtimex": (159, bytes(208)), "sync": (162,), "setsid": (112,), "mlockall": (151, 1),
    "mbind": (237, 0, 0, 0, 0, 0, 0), "migrate_pages": (256, 1, 0, 0, 0), "move_pages": (279, 1, 0, 0, 0, 0, 0),
    "sched_setscheduler": (144, 0, 1, bytes(4)), "sched_setattr": (314, 0, bytes(56), 0), "ioprio_set": (251, 1, 0, 0),
    "fsopen": (430, b"ext4", 0), "fsconfig": (431, 3, 0, b"a", b"b", 0), "fsmount": (432, 3, 0, 0), "io_setup": (206, 10, bytes(8)),
    "remap_file_pages": (216, 0, 0, 0, 0, 0), "uselib": (134, b"x"), "vserver": (236, 0), "nfsservctl": (180, 0), "lookup_dcookie": (212, 0, 0, 0),
    "timer_create": (222, 0, 0, bytes(8)), "setxattr": (188, b"/mnt/data", b"user.a", b"b", 1, 0), "cachestat": (451, 0, 0, 0, 0),
    "map_shadow_stack": (453, 0, 4096, 0), "lsm_set_self_attr": (460, 100, 0, 0, 0), "statmount": (457, 0, 0, 0, 0), "listmount": (458, 0, 0, 0, 0),
}
print([(name, answer) for name, given in CALLS.items() if (answer := attack.call(*given)) not in ("EPERM", "ENOSYS")])
