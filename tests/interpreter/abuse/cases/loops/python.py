# A loop of Python is stopped where it is.
# ends: timed out
# seconds: 0.5
# prints: before
print("before")
while True:
    pass
