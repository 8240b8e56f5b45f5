# A product that takes hours is ended.
# ends: timed out or raised …MemoryError: …
# seconds: 0.5
import numpy

many = numpy.ones((2000, 2000), dtype=object)
many @ many
