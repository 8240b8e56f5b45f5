# A process that aborts is told of by its signal.
# ends: killed 6
# prints: …
import os

os.abort()
