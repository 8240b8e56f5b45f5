# A function that is called at the end and does not end is stopped.
# ends: timed out
# seconds: 0.5
import atexit


@atexit.register
def never():
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
