# Code that takes the machinery apart which stops it is ended all the same.
# ends: timed out
# seconds: 0.3
import sys

for name, module in list(sys.modules.items()):
    if name.startswith("taipan_runtime"):
        module.Stopped = ValueError
        for inner in [name for name in vars(module) if "stop" in name.lower()]:
            setattr(module, inner, lambda *_: None)
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
