"""`locale.setlocale` for the run's thread alone."""

import locale

import _taipan
from _taipan import current

_set_shared = locale.setlocale
_CATEGORIES = [
    getattr(locale, name)
    for name in ("LC_CTYPE", "LC_NUMERIC", "LC_TIME", "LC_COLLATE", "LC_MONETARY", "LC_MESSAGES")
    if hasattr(locale, name)
]


def _set_locale(category: int, name: object = None) -> str:
    run = current()
    if run is None:
        return _set_shared(category, name)
    categories = _CATEGORIES if category == locale.LC_ALL else [category]
    if name is not None:
        wanted = name if isinstance(name, str) else locale.normalize(locale._build_localename(name))
        mask = sum(1 << each for each in categories)
        try:
            # An empty name means the user's own locale, which here is Python's default.
            _taipan.set_thread_locale(mask, wanted or "C.UTF-8")
        except ValueError as error:
            raise locale.Error(str(error)) from None
        chosen = run.__dict__.setdefault("locales", {})
        chosen.update(dict.fromkeys(categories, wanted or "C.UTF-8"))
    return _now(run, categories, category)


def _now(run: _taipan.Run, categories: list[int], category: int) -> str:
    chosen = run.__dict__.get("locales", {})
    names = {chosen.get(each, _set_shared(each)) for each in categories}
    if len(names) == 1:
        return names.pop()
    return _set_shared(category)


def install() -> None:
    """Put the function in its place."""
    locale.setlocale = _set_locale


def enter_thread(run: _taipan.Run) -> None:
    """Let a thread have its run's locale."""
    for category, name in run.__dict__.get("locales", {}).items():
        _taipan.set_thread_locale(1 << category, name)


def end(run: _taipan.Run) -> None:
    """Give the thread the process's locale back."""
    if "locales" in run.__dict__:
        _taipan.reset_thread_locale()
