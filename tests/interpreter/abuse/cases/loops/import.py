# A module that does not end while it is imported is stopped.
# ends: timed out
# seconds: 0.3
# makes: endless.py
with open("endless.py", "w") as file:
    file.write("while True: pass")
import endless
