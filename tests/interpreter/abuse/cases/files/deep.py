# A tree of thousands of levels is gone through as far as it may be.
# seconds: 30
# note: Folders more than 32 levels deep were not searched for files, such as 'd/…'.
import os

for _ in range(1500):
    os.mkdir("d")
    os.chdir("d")
open("treasure", "w").close()
