# A signal to everybody reaches those in the sandbox alone.
# ends: completed or killed 9 or raised ProcessLookupError: …
# prints: …
import os

os.kill(-1, 9)
print("alone")
