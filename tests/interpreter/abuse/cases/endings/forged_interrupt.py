# Code that raises what stops code is cancelled by itself.
# ends: cancelled or raised …
from taipan_runtime.stopping import Stopped

raise Stopped
