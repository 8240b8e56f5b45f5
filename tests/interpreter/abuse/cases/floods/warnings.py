# Warnings without end are cut like any output.
# ends: timed out
# seconds: 1
# prints: …
# makes: output.txt
import warnings

number = 0
while True:
    number += 1
    warnings.warn(f"{number}" * 200)
