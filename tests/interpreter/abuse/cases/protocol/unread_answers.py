# Answers that are not read hold nobody up.
# ends: timed out or killed 9
# seconds: 1
# note: …
# prints: …
import attack
import time

names = b"".join(attack.text("nothing_like_it_%d_" % number + "x" * 400) for number in range(190))
for _ in range(90):
    attack.say(attack.frame(attack.INSTALL + attack.number(190) + names))
    time.sleep(0.01)
time.sleep(100)
