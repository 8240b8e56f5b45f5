# Arrays that are kept end with a MemoryError or with the process.
# ends: raised …MemoryError: … or out of memory or killed …
# note: …
import numpy

kept = []
while True:
    kept.append(numpy.ones(10**6))
