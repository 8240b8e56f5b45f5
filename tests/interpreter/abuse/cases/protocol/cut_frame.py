# A message that does not go on is waited for until the time is over.
# ends: timed out
# seconds: 0.5
import attack
import time

attack.say(attack.frame(attack.NOTE + attack.text("x" * 1000))[:50])
time.sleep(100)
