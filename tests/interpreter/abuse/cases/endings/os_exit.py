# Code that ends its process at once is told so.
# ends: killed 0
# prints: before
# note: The code ended its process by itself: nothing after that was run.
import os

print("before")
os._exit(0)
