# A message that takes little room and much memory when it is read is refused.
# ends: killed 9
# note: The sandbox was ended because it sent something unreadable (a message cannot be read).
import attack
import time

attack.say(attack.frame(attack.INSTALL + attack.number(16_000_000) + bytes(16_000_000)))
time.sleep(100)
