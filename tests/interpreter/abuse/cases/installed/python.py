# Python's own files, packages and byte code can be neither changed nor added to.
# prints: []
import os
import site
import sys
import sysconfig

written = []
folders = {*site.getsitepackages(), *sysconfig.get_paths().values(), *(path for path in sys.path if path.startswith("/")),
           sys.prefix, sys.base_prefix, "/usr", "/usr/lib", "/opt/venv", "/opt/venv/bin", "/opt", "/", "/etc", "/mnt", "/proc", "/dev"}
folders -= {"/mnt/data"}
for folder in folders:
    for name, flags in (("evil.pth", os.O_CREAT | os.O_WRONLY), ("sitecustomize.py", os.O_CREAT | os.O_RDWR)):
        try:
            os.close(os.open(os.path.join(folder, name), flags))
            written.append(folder)
        except OSError:
            pass
    for attempt in (
        lambda: os.mkdir(os.path.join(folder, "__pycache__x")),
        lambda: os.symlink("/tmp", os.path.join(folder, "link")),
        lambda: os.rename(folder, "/tmp/moved"),
        lambda: os.chmod(folder, 0o777),
        lambda: os.utime(folder, (0, 0)),
    ):
        try:
            attempt()
            written.append(folder)
        except OSError:
            pass
print(written)
