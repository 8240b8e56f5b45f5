# Question: How large is this picture in pixels, and what is its average colour as red, green and blue?
# Attached: sunset.png

import numpy as np
from PIL import Image

from checking import given, number

image = Image.open(given("sunset.png"))
number(image.width, "the width", tolerance=0)
number(image.height, "the height", tolerance=0)
for name, mean in zip(("red", "green", "blue"), np.asarray(image).reshape(-1, 3).mean(axis=0), strict=True):
    number(mean, f"the average {name}", tolerance=0.01)
