# Odd names are shown in a way that leads nowhere and breaks nothing.
# makes: \.._.._etc, _[2J, ｅ, ��
import os

for name in (b"\\..\n..\retc", b"\x1b[2J", b"\xff\xfe", "\uff45".encode()):
    with open(name, "w") as file:
        file.write("x")
