# An array that is larger than the limit raises a MemoryError.
# ends: raised …MemoryError: … or out of memory or killed …
# note: The memory limit of 200 MB was hit.
import numpy

numpy.ones((10**5, 10**5))
