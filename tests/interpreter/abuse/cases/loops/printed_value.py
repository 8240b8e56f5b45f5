# A value whose text never ends being made is stopped.
# ends: timed out
# seconds: 0.3


class Endless:
    def __repr__(self):
        while True:
            pass


Endless()
