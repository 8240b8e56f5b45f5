# Text that is longer in one message than any sandbox sends ends the sandbox.
# ends: killed 9
# note: The sandbox was ended because it wrote too much at once.
import attack
import time

attack.say(attack.wrote(1, 0, b"\xff" * 8_000_000))
time.sleep(100)
