"""The options of pandas by run: `pd.set_option` and `pd.options` change those of the run alone."""

from types import ModuleType
from typing import Any

from _taipan import current

from taipan_runtime.isolation.after_import import after_import


class RunOptions(dict):
    """A table of options, on which each run lays its own changes."""

    def _changed(self) -> dict[tuple[int, str], Any] | None:
        run = current()
        return None if run is None else run.__dict__.get("pandas_options")

    def __getitem__(self, name: str) -> Any:
        """Give an option's value."""
        changed = self._changed()
        if changed is not None and (id(self), name) in changed:
            return changed[id(self), name]
        return dict.__getitem__(self, name)

    def __setitem__(self, name: str, value: Any) -> None:
        """Set an option; a new one is there for all."""
        run = current()
        if run is None or name not in self:
            dict.__setitem__(self, name, value)
        else:
            run.__dict__.setdefault("pandas_options", {})[id(self), name] = value

    def get(self, name: str, default: Any = None) -> Any:
        """Give an option's value, or the default."""
        return self[name] if name in self else default  # noqa: SIM401 - this is what `get` does


def _by_run(options: dict[str, Any]) -> dict[str, Any]:
    return RunOptions(
        {name: _by_run(value) if type(value) is dict else value for name, value in options.items()}
    )


def _scope_options(config: ModuleType) -> None:
    for name, value in config._global_config.items():
        if type(value) is dict:
            config._global_config[name] = _by_run(value)


def install() -> None:
    """Wait for pandas, whose parts register their options while it is imported."""
    after_import("pandas", lambda pandas: _scope_options(pandas._config.config))
