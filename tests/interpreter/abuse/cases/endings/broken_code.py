# Byte code that no compiler makes ends the process.
# ends: killed … or raised …
# prints: …
def function():
    pass


function.__code__ = function.__code__.replace(co_code=b"\xfd\xff" * 50, co_stacksize=0)
function()
