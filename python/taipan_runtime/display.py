"""Values as people see them: text, and HTML or Markdown where a value offers them."""

import pprint
import sys
from typing import Any

import _taipan

from taipan_runtime import figures

_MAX_TEXT = 100 * 1024
_MAX_MARKUP = 512 * 1024
_WIDE = 100

Representation = tuple[str, str | None, str | None, bool]


def represent(value: Any) -> Representation:
    """Give a value's text, HTML, Markdown, and whether something was cut."""
    text = _text(value)
    html = _offered(value, "_repr_html_")
    markdown = _offered(value, "_repr_markdown_")
    cut = len(text) > _MAX_TEXT
    if cut:
        text = text[:_MAX_TEXT] + " … [cut]"
    # Markup that is cut in the middle is worse than none.
    if html is not None and len(html) > _MAX_MARKUP:
        html, cut = None, True
    if markdown is not None and len(markdown) > _MAX_MARKUP:
        markdown, cut = None, True
    return _sound(text), _sound(html), _sound(markdown), cut


def _sound(text: Any) -> Any:
    """Show lone surrogates escaped: they have no UTF-8."""
    return text if text is None or text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _text(value: Any) -> str:
    text = repr(value)
    if len(text) > _WIDE and "\n" not in text and type(value) in (dict, list, tuple, set, frozenset):
        return pprint.pformat(value, width=_WIDE, sort_dicts=False)
    return text


def _offered(value: Any, method: str) -> str | None:
    if isinstance(value, type) or not hasattr(type(value), method):
        return None
    try:
        offered = getattr(value, method)()
    except Exception:  # noqa: BLE001 - as a notebook does, what cannot be shown so is shown as text
        return None
    return offered if isinstance(offered, str) else None


def _is_from(value: Any, module: str, name: str) -> bool:
    """Whether a value is of a class, without importing the class's module."""
    kind = getattr(sys.modules.get(module), name, None)
    return kind is not None and isinstance(value, kind)


def picture_of(value: Any) -> str | None:
    """Save a figure or picture as a file; gives its name, or None for other values."""
    if _is_from(value, "matplotlib.figure", "Figure"):
        return figures.save(value)
    if _is_from(value, "PIL.Image", "Image"):
        return figures.save_picture(value)
    if _is_from(value, "plotly.basedatatypes", "BaseFigure"):
        return figures.save_page(value)
    return None


def display(*values: Any, **_options: Any) -> None:
    """Show values now, as a notebook does."""
    for value in values:
        if picture_of(value) is None:
            _taipan.show(*represent(value))
