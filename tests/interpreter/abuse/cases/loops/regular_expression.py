# A regular expression that tries everything is ended.
# ends: timed out
# seconds: 0.3
import re

re.match(r"(a+)+$", "a" * 64 + "b")
