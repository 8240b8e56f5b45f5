# A mapped array of terabytes on a file is refused.
# ends: raised OSError: …
# makes: large
import numpy

numpy.memmap("large", dtype="u1", mode="w+", shape=10**13)
