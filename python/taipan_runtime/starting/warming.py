"""Uses base packages once, so that the first run finds them warm (X7)."""

import io
from collections.abc import Callable, Iterator


def plot() -> None:
    """Draw and save a figure of the usual size: the memory for the next one is there then."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots()
    axes.plot([0, 1], [0, 1], label="a")
    axes.set_title("a")
    axes.legend()
    figure.savefig(io.BytesIO(), format="png")
    plt.close(figure)


def pandas_steps() -> Iterator[Callable[[], object]]:
    """Give what is usually done to a table, one thing after the other."""
    import pandas as pd

    frame = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "x"]})
    yield frame.groupby("b")["a"].mean
    yield frame.describe
    yield lambda: repr(frame)
    yield frame._repr_html_
