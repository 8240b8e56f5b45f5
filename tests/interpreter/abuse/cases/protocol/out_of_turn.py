# A message that belongs to the beginning ends the sandbox.
# ends: killed 9
# note: The sandbox was ended because it said something out of turn.
import attack
import time

attack.say(attack.frame(attack.READY + attack.number(0)))
time.sleep(100)
