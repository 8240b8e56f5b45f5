# A destructor that does not end is stopped like any code.
# ends: timed out
# seconds: 0.3
# prints: Exception ignored in: …


class Endless:
    def __del__(self):
        while True:
            pass


kept = Endless()
