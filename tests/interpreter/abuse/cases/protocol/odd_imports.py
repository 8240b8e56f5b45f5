# Names that are no names of packages reach no installer.
# prints: …done…
import attack
import time

odd = ["--index-url=http://127.0.0.1/", "-r/etc/passwd", "a @ file:///etc", "../../evil", "git+https://example.org/a", "a;b", "a\nb", "", "$(id)", "\0"]
attack.say(attack.frame(attack.INSTALL + attack.number(len(odd)) + b"".join(attack.text(name) for name in odd)))
time.sleep(0.3)
print("done")
