# A pickle that calls functions does what its own code could do, and no more.
# prints: refused
# left out: …
# makes: …
import pickle

import numpy


class Evil:
    def __reduce__(self):
        import os

        return os.system, ("touch /tmp/evil",)


try:
    pickle.loads(pickle.dumps(Evil()))
    import os

    print("refused" if not os.path.exists("/tmp/evil") else "done")
except Exception:
    print("refused")
