# A flood of lines is shown as far as it may be, then counted.
# ends: timed out
# seconds: 1
# prints: 0123456789…
# makes: output.txt
while True:
    print("0123456789" * 100)
