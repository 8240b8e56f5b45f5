# A module of the standard library can be changed in no way, and is as it was for the next run.
# prints: refused
import json
import os

path = json.__file__
cache = json.__cached__
for place in (path, cache):
    for attempt in (
        lambda: open(place, "a").write("evil"),
        lambda: os.truncate(place, 0),
        lambda: os.remove(place),
        lambda: os.chmod(place, 0o777),
        lambda: os.rename("/tmp/x", place),
        lambda: os.link(place, "/mnt/data/linked"),
        lambda: os.setxattr(place, "user.x", b"y"),
    ):
        try:
            attempt()
            print("changed", place)
        except (OSError, AttributeError):
            pass
json.loads = None
print("refused")
# next run
# prints: {'a': 1}
import json

print(json.loads('{"a": 1}'))
