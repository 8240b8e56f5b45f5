# Code that says by itself how it ended harms nobody but itself.
# prints: said
import attack
import time

print("said")
attack.say(attack.frame(attack.COMPLETED))
time.sleep(100)
