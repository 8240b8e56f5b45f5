# Installations without end come to an end.
# ends: killed 9
# note: The sandbox was ended because it asked for too many installations.
# prints: …
import attack
import time

while True:
    attack.say(attack.frame(attack.INSTALL + attack.number(1) + attack.text("nothing_like_it")))
