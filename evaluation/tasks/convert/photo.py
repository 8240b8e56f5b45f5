# Question: Make a JPEG of half the width and half the height out of this picture, and call it small.jpg.
# Attached: sunset.png

import numpy as np
from PIL import Image

from checking import Wrong, given, picture, same

source = Image.open(given("sunset.png"))
small = picture(".jpg", width=1, height=1)
if small.format != "JPEG" or small.size != (source.width // 2, source.height // 2):
    raise Wrong(f"small.jpg is a {small.format} of {small.size}")
same(
    np.asarray(small).mean(axis=(0, 1)),
    np.asarray(source).mean(axis=(0, 1)),
    "the average colours",
    tolerance=0.03,
)
