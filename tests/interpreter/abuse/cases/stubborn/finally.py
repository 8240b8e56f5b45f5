# Code that goes on in `finally` is ended.
# ends: timed out
# seconds: 0.3
def again():
    try:
        while True:
            pass
    finally:
        again()


again()
