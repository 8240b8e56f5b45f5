"""Sets the runtime up, and imports base packages ahead of the first run.

They are used once too (`warming`).
"""

import gc
import importlib
import sys

import _taipan

from taipan_runtime import (  # noqa: F401 - the first run finds everything imported
    execution,
    figures,
    isolation,
    native_writers,
    packages,
    stopping,
)
from taipan_runtime.isolation import put_back
from taipan_runtime.starting import warming


def install() -> None:
    """Set everything up, once, before any code runs."""
    stopping.install()
    isolation.install()
    figures.install()
    native_writers.install()
    sys.meta_path.append(packages.Finder(_imports_of_run))
    # Last: what the others have put in place is how things are.
    put_back.install()


def _imports_of_run() -> packages.RunImports | None:
    run = _taipan.current()
    if run is None or "tree" not in run.__dict__:
        return None
    if "imports" not in run.__dict__:
        is_user_code = packages.user_code(run.folder)
        run.imports = packages.RunImports(_taipan.install, is_user_code, run.packages_folder, run.tree)
    return run.imports


def preload(name: str) -> None:
    """Import a module."""
    importlib.import_module(name)


def settle() -> None:
    """Use what was imported once, and remember how everything is before code runs."""
    if "matplotlib.pyplot" in sys.modules:
        warming.plot()
    if "pandas" in sys.modules:
        for step in warming.pandas_steps():
            step()
    put_back.snapshot()
    gc.collect()
    # What is here now stays: the garbage collector need not look at it again.
    gc.freeze()
