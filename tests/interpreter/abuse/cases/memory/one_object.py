# One object that is larger than the limit raises a MemoryError.
# ends: raised MemoryError: …
# note: The memory limit of 200 MB was hit.
block = bytearray(10**9)
