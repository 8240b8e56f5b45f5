# Files that others were given are not to be seen, and paths of the host lead nowhere.
# given: own.csv: mine
# prints: ['own.csv'] []
import os

def walk(folder):
    return sorted(name for _, _, names in os.walk(folder) for name in names)

print(walk("/mnt/in"), walk("/.slots") if os.path.exists("/.slots") else [])
