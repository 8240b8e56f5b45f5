# Text of millions of writers, and notes and values by the thousand, come to what is allowed.
# prints: …
# note: …
# makes: output.txt
import attack

data = b"".join(attack.wrote(1, number, b"x" * 10) for number in range(20_000))
data += attack.frame(attack.NOTE + attack.text("n" * 10_000)) * 1000
data += b"".join(attack.frame(attack.FLUSH + attack.number(number)) for number in range(20_000))
attack.say(data)
