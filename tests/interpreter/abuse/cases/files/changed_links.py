# A folder that becomes a link while files in it are reported leads nobody elsewhere.
# prints: done
# makes: …
# left out: …
import os

for number in range(300):
    os.mkdir(f"d{number}")
    open(f"d{number}/passwd", "w").close()
    os.rename(f"d{number}", f"e{number}")
    os.symlink("/etc", f"d{number}")
print("done")
