# Control characters come out as they were written, and mean nothing on their way.
# prints: a]0;title[2J‮b
print("a\x1b]0;title\x07\x1b[2J\u202eb")
