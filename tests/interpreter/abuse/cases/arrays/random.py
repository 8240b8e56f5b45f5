# Two runs do not draw the same random numbers, though both are copies of one process.
# makes: …
# prints: …
import numpy
import random

print(numpy.random.rand(), random.random())
