# Files anywhere do not reach the next run.
# prints: left
# makes: mine.txt
import os

for folder in ("/mnt/data", "/tmp", "/dev/shm"):
    with open(os.path.join(folder, "mine.txt"), "w") as file:
        file.write("secret")
print("left")
# next run
# prints: [] [] []
import os

print(os.listdir("/mnt/data"), os.listdir("/tmp"), os.listdir("/dev/shm"))
