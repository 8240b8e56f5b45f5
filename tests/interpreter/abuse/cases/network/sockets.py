# There is no socket of any family or kind.
# prints: []
import socket

opened = []
for family in range(50):
    for kind in range(1, 11):
        for protocol in (0, 1, 6, 17, 58, 255):
            try:
                socket.socket(family, kind, protocol).close()
                opened.append((family, kind, protocol))
            except (OSError, ValueError):
                pass
print(opened)
