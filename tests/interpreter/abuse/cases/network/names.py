# Names are not looked up, and nothing is fetched.
# prints: getaddrinfo gaierror
# prints: urlopen URLError
# prints: connect PermissionError
import socket
import urllib.request

for name, attempt in {
    "getaddrinfo": lambda: socket.getaddrinfo("example.org", 80),
    "urlopen": lambda: urllib.request.urlopen("http://169.254.169.254/latest/meta-data/"),
    "connect": lambda: socket.create_connection(("127.0.0.1", 22)),
}.items():
    try:
        attempt()
        print(name, "done")
    except OSError as error:
        print(name, type(error).__name__)
