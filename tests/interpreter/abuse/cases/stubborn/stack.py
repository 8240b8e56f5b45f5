# Python functions that call each other to the end raise, and nothing else happens.
# ends: raised RecursionError: …
def deeper():
    deeper()


deeper()
