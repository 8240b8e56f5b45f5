# A flood of messages is heard within the limits, and the code is ended at its time.
# ends: timed out
# seconds: 1
# prints: \xff…
# makes: …
# note: …
import attack

block = attack.wrote(1, 0, b"\xff" * 60_000) * 100
while True:
    attack.say(block)
