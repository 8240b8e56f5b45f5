# A loop that catches every exception is ended half a second after it was asked.
# ends: timed out
# seconds: 0.3
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
