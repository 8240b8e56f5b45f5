# A message that says it is gigabytes long ends the sandbox at once.
# ends: killed 9
# note: The sandbox was ended because it sent something unreadable (a message of 4294967295 bytes is longer than allowed).
import attack
import time

attack.say(b"\xff\xff\xff\xff")
time.sleep(100)
