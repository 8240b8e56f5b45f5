"""Says whether the Python that runs this can be embedded.

Prints the real path of its executable, or what is missing, which is also exit code 1.
"""

import importlib.util
import sys
import sysconfig
from pathlib import Path


def missing_part() -> str | None:
    """Name what this Python lacks for that, if anything."""
    library = sysconfig.get_config_var("LDLIBRARY") or ""
    library_folder = Path(sysconfig.get_config_var("LIBDIR") or "/")
    if sys.implementation.name != "cpython":
        return f"it is {sys.implementation.name}, not CPython"
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        return "it is a free-threaded build, for which most packages have no wheels"
    if ".so" not in library or not (library_folder / library).exists():
        return f"it has no shared library (libpython{sysconfig.get_config_var('VERSION')}.so)"
    if not (Path(sysconfig.get_path("platinclude")) / "Python.h").exists():
        return "it has no headers (Python.h)"
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        return "it has no venv module"
    return None


if __name__ == "__main__":
    problem = missing_part()
    # Inside a virtual environment, its own Python is a link that may vanish; the one it was made with stays.
    executable = getattr(sys, "_base_executable", sys.executable)
    print(problem or Path(executable).resolve())
    sys.exit(problem is not None)
