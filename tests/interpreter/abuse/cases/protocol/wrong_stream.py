# Text for a stream that does not exist ends the sandbox.
# ends: killed 9
# note: The sandbox was ended because it wrote to a stream that is not there.
import attack
import time

attack.say(attack.wrote(3, 0, b"x"))
time.sleep(100)
