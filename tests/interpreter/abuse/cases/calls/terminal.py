# Nothing is typed into a terminal (bubblewrap's CVE-2017-5226), and no device is controlled.
# prints: []
import attack

REQUESTS = {"TIOCSTI": 0x5412, "TIOCLINUX": 0x541C, "TIOCSCTTY": 0x540E, "TIOCCONS": 0x541D, "TIOCNOTTY": 0x5422, "TIOCSETD": 0x5423,
            "FIOASYNC": 0x5452, "FIGETBSZ": 2, "FS_IOC_SETFLAGS": 0x40086602, "NS_GET_USERNS": 0xB701, "NS_GET_PARENT": 0xB702,
            "SIOCGIFCONF": 0x8912, "TUNSETIFF": 0x400454CA, "LOOP_SET_FD": 0x4C00, "FIFREEZE": 0xC0045877, "BLKDISCARD": 0x1277}
bits = (0, 1 << 32)
print([(name, answer) for name, request in REQUESTS.items() for bit in bits if (answer := attack.call(16, 0, request | bit, b"x" * 64)) != "EPERM"])
