# A session whose code says by itself that it has ended, and goes on, is held and then ended.
# session: yes
# ends: completed
import attack
import os

attack.say(attack.frame(attack.COMPLETED))
while True:
    pass
# next run
# session: yes
# ends: timed out or killed …
# seconds: 0.5
# prints: …
# note: …
print("second")
