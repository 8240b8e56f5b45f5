# What a run leaves where Python looks for modules is not there for the next one.
# makes: …
# prints: left
import os

for name in ("json.py", "sitecustomize.py", "usercustomize.py", "evil.pth", "numpy.py"):
    with open(name, "w") as file:
        file.write("raise SystemExit('evil')")
os.makedirs("/tmp/lib/python", exist_ok=True)
open("/tmp/evil.pth", "w").close()
os.environ["PYTHONPATH"] = "/mnt/data"
print("left")
# next run
# prints: [] []
import json
import os

print(os.listdir("/mnt/data"), [name for name in os.listdir("/tmp")])
