"""Figures and pictures become files in the run's folder (X8)."""

import functools
import os
import sys
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

from _taipan import current

from taipan_runtime.isolation import paths
from taipan_runtime.isolation.after_import import after_import

_SAVED = "_taipan_saved"
# Modes of pictures that PNG has, and what comes nearest to others; the rest becomes "RGB".
_PNG_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA", "I;16"})
_AS_PNG = {"PA": "RGBA", "RGBa": "RGBA", "La": "LA", "I": "I;16", "F": "L"}


def _new_file(stem: str, extension: str) -> str:
    """Give a name that no file of the run has yet."""
    folder = Path(current().folder)
    for number in count(1):
        name = f"{stem}_{number}.{extension}"
        if not (folder / name).exists():
            return name
    raise AssertionError


def _place(name: str) -> str:
    return str(Path(current().folder, name))


def _place_in_run(file: Any) -> str | None:
    """Give the real path of a file, named or open, that lies in the run's folder; None for others."""
    name = file if isinstance(file, str | os.PathLike) else getattr(file, "name", None)
    run = current()
    if run is None or not isinstance(name, str | os.PathLike):
        return None
    place = os.path.realpath(os.fsdecode(paths.real(name)))
    return place if place.startswith(run.folder + os.sep) else None


def _note_saved(figure: Any, file: Any) -> None:
    """Remember that the code saved a figure, if it did so in the run's folder."""
    if (place := _place_in_run(file)) is not None:
        figure.stale = False
        setattr(figure, _SAVED, place)


def save(figure: Any) -> str:
    """Save a Matplotlib figure as PNG, unless the code saved it since its last change; gives its name."""
    if getattr(figure, _SAVED, None) is not None and not figure.stale:
        return getattr(figure, _SAVED)
    name = _new_file("figure", "png")
    figure.savefig(_place(name), bbox_inches="tight")
    setattr(figure, _SAVED, name)
    return name


def save_picture(picture: Any) -> str:
    """Save a PIL image as PNG; gives the file's name."""
    name = _new_file("image", "png")
    saved = picture if picture.mode in _PNG_MODES else picture.convert(_AS_PNG.get(picture.mode, "RGB"))
    saved.save(_place(name), "PNG")
    return name


def save_page(figure: Any) -> str:
    """Save a plotly figure as a page that needs nothing else; gives the file's name."""
    name = _new_file("plot", "html")
    sys.modules["plotly.io"].write_html(figure, _place(name), include_plotlyjs=True)
    return name


def save_open(*, close: bool) -> None:
    """Save the figures pyplot holds for this run."""
    helpers = dict.get(sys.modules, "matplotlib._pylab_helpers")
    if helpers is None or "figures" not in current().__dict__:
        return
    for manager in list(helpers.Gcf.figs.values()):
        save(manager.canvas.figure)
    if close:
        helpers.Gcf.destroy_all()


def forget_fonts() -> None:
    """Close the fonts Matplotlib has opened: it opens them anew for each thread, and this one ends."""
    manager = dict.get(sys.modules, "matplotlib.font_manager")
    if manager is not None:
        manager._get_font.cache_clear()  # noqa: SLF001 - there is no public way


def _noticing(pyplot_figure: ModuleType) -> None:
    """Notice when the code saves a figure itself, and let `Figure.show` leave a file."""
    figure_class = pyplot_figure.Figure
    savefig = figure_class.savefig

    @functools.wraps(savefig)
    def savefig_noticed(self: Any, fname: Any, *args: Any, **kwargs: Any) -> Any:
        result = savefig(self, fname, *args, **kwargs)
        _note_saved(self, fname)
        return result

    show = figure_class.show

    @functools.wraps(show)
    def show_saved(self: Any, *args: Any, **kwargs: Any) -> Any:
        if current() is None:
            return show(self, *args, **kwargs)
        return save(self) and None

    figure_class.savefig = savefig_noticed
    figure_class.show = show_saved


def _noticing_animations(animation: ModuleType) -> None:
    """Notice when the code saves a figure as an animation."""
    save_animation = animation.Animation.save

    @functools.wraps(save_animation)
    def save_noticed(self: Any, filename: Any, *args: Any, **kwargs: Any) -> Any:
        result = save_animation(self, filename, *args, **kwargs)
        _note_saved(self._fig, filename)
        return result

    animation.Animation.save = save_noticed


def _showing(pyplot: ModuleType) -> None:
    show = pyplot.show

    @functools.wraps(show)
    def show_saved(*args: Any, **kwargs: Any) -> Any:
        if current() is None:
            return show(*args, **kwargs)
        return save_open(close=True)

    pyplot.show = show_saved


def _showing_pictures(image: ModuleType) -> None:
    show = image.Image.show

    @functools.wraps(show)
    def show_saved(self: Any, *args: Any, **kwargs: Any) -> Any:
        if current() is None:
            return show(self, *args, **kwargs)
        save_picture(self)
        return None

    image.Image.show = show_saved


def _showing_plotly(renderers: ModuleType) -> None:
    """Let `plotly.io.show`, which a figure's own `show` calls, leave a file."""
    show = renderers.show

    @functools.wraps(show)
    def show_saved(fig: Any, *args: Any, **kwargs: Any) -> Any:
        if current() is None:
            return show(fig, *args, **kwargs)
        save_page(fig)
        return None

    renderers.show = show_saved


def install() -> None:
    """Wait for the libraries that make figures."""
    after_import("matplotlib.figure", _noticing)
    after_import("matplotlib.animation", _noticing_animations)
    after_import("matplotlib.pyplot", _showing)
    after_import("PIL.Image", _showing_pictures)
    after_import("plotly.io._renderers", _showing_plotly)
