# Changes to the machinery around the code do not reach the next run.
# ends: …
# prints: …
import _taipan
import taipan_runtime.execution

for name in dir(_taipan):
    try:
        setattr(_taipan, name, None)
    except Exception:
        pass
for name in dir(taipan_runtime.execution):
    if not name.startswith("__"):
        setattr(taipan_runtime.execution, name, None)
# next run
# prints: fine
print("fine")
