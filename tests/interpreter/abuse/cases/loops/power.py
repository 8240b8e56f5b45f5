# One expression whose value would take years is ended with its process.
# ends: timed out or raised MemoryError: …
# seconds: 0.3
10 ** 10**8
10 ** 10**9
