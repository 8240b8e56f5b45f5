# A message of no known sort ends the sandbox.
# ends: killed 9
# note: The sandbox was ended because it sent something unreadable (a message cannot be read).
import attack
import time

attack.say(attack.frame(attack.number(99)))
time.sleep(100)
