# A line of gigabytes is shown as far as it may be.
# ends: timed out
# seconds: 1
# prints: xxxxxxxxxxxxxxxx…
# makes: output.txt
import sys

while True:
    sys.stdout.write("x" * 100_000)
