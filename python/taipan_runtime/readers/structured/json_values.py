"""`json jsonl ndjson ipynb`: JSON, given as a DataFrame where it is a table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from taipan_runtime.readers.text.encoding import decode

if TYPE_CHECKING:
    import pandas as pd

    from taipan_runtime.readers.source import Source

SPLIT_KEYS = {"columns", "index", "data"}
"""What pandas writes with `orient="split"`."""
SHOWN_CHARACTERS = 40


def read_json(source: Source, /, **options: Any) -> Any:
    """Give a DataFrame when the value is a list of records or a dict of columns, else the parsed value.

    With `options`, which are those of `pandas.read_json`, it is always read by pandas.
    """
    import pandas as pd

    if options:
        return pd.read_json(source.path, **{"compression": None, **options})
    text = _text(source)
    if _is_lines(text):
        return read_json_lines(source)
    value = _parse(source, text)
    if isinstance(value, dict) and value.keys() == SPLIT_KEYS:
        return pd.DataFrame(value["data"], index=value["index"], columns=value["columns"])
    if _is_records(value) or _is_lists_of_one_length(value):
        return pd.DataFrame(value)
    if _is_numbered_columns(value):
        frame = pd.DataFrame(value)
        return frame.set_axis(frame.index.astype(int), axis="index")
    return value


def read_json_lines(source: Source, /, **options: Any) -> pd.DataFrame:
    """Give a DataFrame with a row for each line; `options` are those of `pandas.read_json`."""
    import pandas as pd

    if options:
        return pd.read_json(source.path, **{"lines": True, "compression": None, **options})
    lines = enumerate(_text(source).split("\n"), start=1)
    return pd.DataFrame([_parse(source, line, number) for number, line in lines if line.strip()])


def read_notebook(source: Source, /) -> Any:
    """Give a Jupyter notebook as the dict that it is, cells under `cells`."""
    return _parse(source, _text(source))


def _text(source: Source) -> str:
    raw = source.content()
    if not raw.strip():
        raise source.unreadable(reason="the file is empty", advice="Upload one that holds a value.")
    return decode(raw)


def _parse(source: Source, text: str, line: int | None = None) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        at = text[error.pos : error.pos + SHOWN_CHARACTERS].partition("\n")[0]
        where = f"line {line or error.lineno}, column {error.colno}" + (f", at {at!r}" if at else "")
        raise source.unreadable(
            reason=f"{error.msg} ({where})",
            advice=f"Correct that place, or read it as text: open(get_file_path('{source.name}')).read().",
        ) from error


def _is_lines(text: str) -> bool:
    """Recognise one value a line, which many programs write into a file called json."""
    first, _, rest = text.strip().partition("\n")
    try:
        return bool(rest) and isinstance(json.loads(first), dict)
    except json.JSONDecodeError:
        return False


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _is_lists_of_one_length(value: Any) -> bool:
    """Recognise `{"a": [1, 2], "b": [3, 4]}`."""
    if (
        not isinstance(value, dict)
        or not value
        or not all(isinstance(column, list) for column in value.values())
    ):
        return False
    lengths = {len(column) for column in value.values()}
    return len(lengths) == 1 and lengths != {0}


def _is_numbered_columns(value: Any) -> bool:
    """Recognise `{"a": {"0": 1, "1": 2}}`, which is what pandas writes by default."""
    if (
        not isinstance(value, dict)
        or not value
        or not all(isinstance(column, dict) for column in value.values())
    ):
        return False
    first, *others = (list(column) for column in value.values())
    return bool(first) and all(key.isdecimal() for key in first) and all(keys == first for keys in others)
