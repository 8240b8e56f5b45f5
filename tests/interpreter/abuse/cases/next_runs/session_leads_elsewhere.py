# A session that puts links where the next run's files belong leads nobody out of its folder.
# session: yes
# prints: prepared
# left out: b.csv: It is a link, and links are not followed.
import os

os.symlink("/tmp", ".files")
os.symlink("/etc/passwd", "b.csv")
print("prepared")
# next run
# session: yes
# given: c.csv: two
# prints: two False
# left out: …
import os

print(open("c.csv").read(), os.path.exists("/tmp/0"))
