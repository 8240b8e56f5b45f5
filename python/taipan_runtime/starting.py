"""Sets the runtime up, and imports base packages ahead of the first run.

They are used once too, so that the first run finds them warm (X7).
"""

import gc
import importlib
import io
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
        _plot_once()
    if "pandas" in sys.modules:
        _describe_once()
    put_back.snapshot()
    gc.collect()
    # What is here now stays: the garbage collector need not look at it again.
    gc.freeze()


def _plot_once() -> None:
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(1, 1))
    axes.plot([0, 1], [0, 1], label="a")
    axes.set_title("a")
    axes.legend()
    figure.savefig(io.BytesIO(), format="png")
    plt.close(figure)


def _describe_once() -> None:
    import pandas as pd

    frame = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "x"]})
    frame.groupby("b")["a"].mean()
    frame.describe()
    repr(frame)
    frame._repr_html_()
