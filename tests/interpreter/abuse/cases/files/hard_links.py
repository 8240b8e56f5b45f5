# A file with many names is collected under each, within the limits.
# makes: …
# left out: …
import os

with open("first", "wb") as file:
    file.write(bytes(10_000_000))
for number in range(5):
    os.link("first", f"other{number}")
