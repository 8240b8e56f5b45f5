# Code that closes descriptors 1 and 2 is waited for without work, and printing still works.
# prints: printed
import os
import time

os.close(1)
os.close(2)
time.sleep(0.5)
print("printed")
