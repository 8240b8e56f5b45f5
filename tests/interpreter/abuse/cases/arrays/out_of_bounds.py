# A view that goes beyond its array ends the process, or shows the process's own memory alone.
# ends: killed 11
import numpy

view = numpy.lib.stride_tricks.as_strided(numpy.zeros(1), shape=(10**12,), strides=(4096,))
for number in range(10**12):
    view[number]
