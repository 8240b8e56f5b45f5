# A sum in C that takes hours cannot be interrupted, so its process is ended.
# ends: timed out
# seconds: 0.3
sum(range(10**12))
