"""`csv tsv tab`: text tables whose delimiter and encoding are found out."""

from __future__ import annotations

import csv
import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any

from taipan_runtime.readers.text.encoding import find_encoding

if TYPE_CHECKING:
    import pandas as pd

    from taipan_runtime.readers.source import Source

SAMPLE_BYTES = 256 * 1024
"""The beginning of the file by which delimiter and encoding are found out."""
SAMPLE_ROWS = 200
DELIMITERS = (",", ";", "\t", "|")
"""Delimiters that are looked for, the likelier first."""
BAD_LINES_ADVICE = (
    "Pass on_bad_lines='skip' to leave such lines out, or say the layout with sep= and skiprows=."
)
SPREADSHEET_HINT = re.compile(r"""\A"?sep=(?P<delimiter>[^"\r\n])"?\r?\n""", re.IGNORECASE)
"""A first line by which spreadsheet programs name the delimiter."""


def read_csv(source: Source, /, **options: Any) -> pd.DataFrame:
    """Read a text table; `options` are those of `pandas.read_csv` and override what is found out."""
    sample = source.start(SAMPLE_BYTES)
    if not sample.strip():
        raise source.unreadable(
            reason="the file is empty", advice="Upload one with at least a line of column names."
        )
    if "encoding" in options:
        return _parse(source, sample, options)
    complete = len(sample) < SAMPLE_BYTES
    try:
        return _parse(source, sample, {"encoding": find_encoding(sample, complete=complete), **options})
    except UnicodeDecodeError:
        # The beginning is UTF-8 (often plain ASCII) and what comes later is not.
        return _parse(source, sample, {"encoding": find_encoding(source.content()), **options})


def _parse(source: Source, sample: bytes, options: dict[str, Any]) -> pd.DataFrame:
    import pandas as pd

    text = sample.decode(options["encoding"] or "utf-8", "replace")
    if len(sample) == SAMPLE_BYTES:
        text = text[: text.rfind("\n") + 1] or text  # a row cut short would count as an uneven one
    found: dict[str, Any] = {"compression": None}
    if not {"sep", "delimiter", "dialect", "delim_whitespace"} & options.keys():
        found["sep"] = find_delimiter(text, preferred=_preferred(source))
        if SPREADSHEET_HINT.match(text) and "skiprows" not in options:
            found["skiprows"] = 1
    try:
        return pd.read_csv(source.path, **{**found, **options})
    except pd.errors.EmptyDataError as error:
        raise source.unreadable(
            reason="it holds no columns", advice="Check its first line and the options given."
        ) from error
    except pd.errors.ParserError as error:
        reason = str(error).replace("Error tokenizing data. C error: ", "")
        raise source.unreadable(
            reason=" ".join(reason.split()),
            advice=BAD_LINES_ADVICE,
        ) from error


def _preferred(source: Source) -> str:
    """Give the delimiter that the file's name promises."""
    return "\t" if re.search(r"\.(tsv|tab)(\.|$)", source.name.lower()) else ","


def find_delimiter(text: str, preferred: str = ",") -> str:
    """Name the delimiter that cuts `text` into rows of the most even length, `preferred` when none does."""
    if hint := SPREADSHEET_HINT.match(text):
        return hint["delimiter"]

    def rank(delimiter: str) -> tuple[float, bool, int]:
        share, fields = _evenness(text, delimiter)
        # Commas are part of many texts and numbers, tabs in a file that is called tsv of none.
        return share, delimiter == preferred != ",", fields

    candidates = sorted(DELIMITERS, key=lambda delimiter: delimiter != preferred)
    best = max(candidates, key=rank)
    return best if rank(best)[0] else preferred


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    """Give the share of rows that have the commonest number of fields, and that number; 0 if it is one."""
    rows = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    try:
        lengths = [len(row) for row in islice(rows, SAMPLE_ROWS) if row]
    except csv.Error:  # a field beyond the csv module's limit: this is not the delimiter
        return (0, 0)
    if not lengths:
        return (0, 0)
    fields, count = Counter(lengths).most_common(1)[0]
    return (count / len(lengths), fields) if fields > 1 else (0, 0)
