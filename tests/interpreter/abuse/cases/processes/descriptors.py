# Descriptors by the thousand come to as many as are allowed.
# prints: [Errno 24] Too many open files: '/dev/null' True
kept = []
try:
    while True:
        kept.append(open("/dev/null"))
except OSError as error:
    print(error, 100 < len(kept) < 256)
