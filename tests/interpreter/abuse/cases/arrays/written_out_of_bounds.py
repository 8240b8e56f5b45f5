# Writing beyond an array ends the process.
# ends: killed 11 or killed 6
# prints: …
import numpy

view = numpy.lib.stride_tricks.as_strided(numpy.zeros(1), shape=(10**12,), strides=(8,))
view[:] = 1
