# Code that hangs up and goes on is ended.
# ends: killed 9
# prints: …
import attack
import os
import time

print("before")
os.close(attack.frame_socket())
os.close(attack.frame_socket())
while True:
    time.sleep(1)
