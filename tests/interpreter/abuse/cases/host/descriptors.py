# Open are the null device, two pipes and the conversation with the worker. (runc's CVE-2024-21626 was a forgotten one.)
# prints: 0 chr
# prints: 1 fifo
# prints: 2 fifo
# prints: sockets 2
import attack
import stat

sockets = 0
for number, mode in attack.open_descriptors().items():
    if stat.S_ISSOCK(mode):
        sockets += 1
    elif not stat.S_ISREG(mode):
        print(number, "chr" if stat.S_ISCHR(mode) else "fifo" if stat.S_ISFIFO(mode) else oct(mode))
print("sockets", sockets)
