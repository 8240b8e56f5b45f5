"""Matplotlib's settings and open figures by run."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

from _taipan import current

from taipan_runtime.isolation.after_import import after_import
from taipan_runtime.isolation.scope import by_run


def _scope_settings(matplotlib: ModuleType) -> None:  # noqa: C901 - one class whose base comes as an argument
    matplotlib.use("agg")
    plain: Any = matplotlib.RcParams
    shared = dict.__getitem__

    class RunRcParams(plain):  # type: ignore[misc, valid-type]
        """`matplotlib.rcParams`, on which each run lays its own changes."""

        def __getitem__(self, key: str) -> Any:
            # Asked thousands of times for one plot: as short as the original, which has a call more.
            run = current()
            if run is not None:
                own = run.__dict__.get("rc_params")
                if own is not None and key in own:
                    return own[key]
            return shared(self, key)

        _get = __getitem__

        def _set(self, key: str, value: Any) -> None:
            run = current()
            if run is None:
                dict.__setitem__(self, key, value)
            else:
                run.__dict__.setdefault("rc_params", {})[key] = value

        def _update_raw(self, other_params: Mapping[str, Any]) -> None:
            for key in dict.keys(other_params):
                value = other_params._get(key) if isinstance(other_params, plain) else other_params[key]
                if self._get(key) is not value:
                    self._set(key, value)

        def _ensure_has_backend(self) -> None:
            """Do nothing: a backend was chosen at the start."""

        def copy(self) -> Any:
            """Give plain settings with the run's values."""
            copied = plain()
            for key in dict.keys(self):
                dict.__setitem__(copied, key, self._get(key))
            return copied

    RunRcParams.__name__ = RunRcParams.__qualname__ = "RcParams"
    matplotlib.rcParams.__class__ = RunRcParams


class RunFigures:
    """The table of pyplot's open figures: passes everything on to the run's own table."""

    figures = by_run("figures", OrderedDict, lambda: _outside)

    def __getattr__(self, name: str) -> Any:
        """Give methods of the run's table."""
        return getattr(self.figures, name)

    def __getitem__(self, number: Any) -> Any:
        """Give a figure's manager."""
        return self.figures[number]

    def __setitem__(self, number: Any, manager: Any) -> None:
        """Keep a figure's manager."""
        self.figures[number] = manager

    def __delitem__(self, number: Any) -> None:
        """Forget a figure."""
        del self.figures[number]

    def __contains__(self, number: object) -> bool:
        """Look a figure up."""
        return number in self.figures

    def __iter__(self) -> Iterator[Any]:
        """Go through the figures' numbers."""
        return iter(self.figures)

    def __len__(self) -> int:
        """Count the figures."""
        return len(self.figures)


_outside: OrderedDict[Any, Any] = OrderedDict()


def _scope_figures(helpers: ModuleType) -> None:
    helpers.Gcf.figs = RunFigures()


def install() -> None:
    """Wait for Matplotlib."""
    after_import("matplotlib", _scope_settings)
    after_import("matplotlib._pylab_helpers", _scope_figures)
