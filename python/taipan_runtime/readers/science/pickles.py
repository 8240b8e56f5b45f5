"""`pickle pkl joblib`: Python objects. Loading them runs code, which is the owner's own, as the owner."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from taipan_runtime.readers.source import Source


def read_pickle(source: Source, /, **options: Any) -> Any:
    """Give the object; `options` are those of `pickle.load`. Objects that joblib wrote are read too."""

    def load() -> Any:
        with Path(source.path).open("rb") as stream:
            try:
                return pickle.load(stream, **options)  # noqa: S301 - what the table promises
            except (pickle.UnpicklingError, KeyError, ValueError) as error:
                # joblib puts arrays as they are, or compressed bytes, where pickle expects its own codes.
                if options:
                    raise
                return _joblib_object(source, error)

    return _loaded(source, load)


def read_joblib(source: Source, /, **options: Any) -> Any:
    """Give the object; `options` are those of `joblib.load`."""
    import joblib

    return _loaded(source, lambda: joblib.load(source.path, **options))


def _joblib_object(source: Source, error: Exception) -> Any:
    import joblib

    try:
        return joblib.load(source.path)
    except Exception:  # noqa: BLE001 - it was no joblib file: what pickle said counts
        raise error from None


def _loaded(source: Source, load: Callable[[], Any]) -> Any:
    try:
        return load()
    except AttributeError as error:
        raise source.unreadable(
            reason=str(error),
            advice="Define the class or function of that name first, or install the version that had it.",
        ) from error
    except EOFError as error:
        raise source.unreadable(reason="it ends too early", advice="Upload the whole file again.") from error
