"""What the checks of tasks ask: such as whether a number is in the answer, or a picture a picture.

A check runs in a sandbox, after its task was done: `answer.txt` is what the model answered, `given-NAME` are the files
that were attached, `made-NUMBER-NAME` those that the model's code made, oldest first. It raises `Wrong` with a
sentence, or nothing.
"""

import re
import sqlite3
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

ANSWER = Path("answer.txt").read_text()
UNITS = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
# With commas, apostrophes or narrow blanks between thousands, and with units as people write them.
NUMBER = re.compile(
    r"(?<![\w.])[-\u2212]?(?:\d{1,3}(?:[,'\u00a0\u202f]\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?"
    r"(?:(?:k|m|bn)\b|\s?(?:thousand|million|billion)\b)?",
    re.IGNORECASE,
)
SPREADSHEETS = (".xlsx", ".xls", ".ods")


class Wrong(Exception):
    """Something is not as it was asked for."""


def given(name):
    """Give the path of a file that was attached."""
    return Path(f"given-{name}")


def made(ending):
    """Give the path of the last file with this ending that was made."""
    files = sorted(Path().glob("made-*"), key=lambda path: int(path.name.split("-")[1]))
    names = [path.name.split("-", 2)[2] for path in files]
    found = [path for path in files if path.name.lower().endswith(ending)]
    if not found:
        raise Wrong(f"no file {ending} was made, only {names}")
    return found[-1]


def number(expected, what, tolerance=0.005, percent=False):
    """See that a number stands in the answer, rounded as people round; also as so much in a hundred if that will do."""
    found = [match.group() for match in NUMBER.finditer(ANSWER)]
    # What looks like thousands may be two numbers, as in (320,180).
    told = [_value(text) for text in found] + [
        float(part) for text in found for part in re.findall(r"\d+", text)
    ]
    near = max(abs(expected) * tolerance, 1e-9)
    is_told = any(abs(value - expected) <= near for value in told)
    if not is_told and percent:
        is_told = any(abs(value / 100 - expected) <= near for value in told)
    if not is_told:
        raise Wrong(
            f"{what} is {expected:.6g}, which the answer does not say; it has the numbers {found[:12]}"
        )


def word(*texts):
    """See that one of these texts stands in the answer."""
    if not any(re.search(rf"\b{re.escape(text)}\b", ANSWER) for text in texts):
        raise Wrong(f"the answer does not name {' or '.join(texts)}: {ANSWER[:200]!r}")


def picture(ending=".png", width=300, height=200):
    """See that a picture was made that is large enough and shows something."""
    path = made(ending)
    try:
        image = Image.open(path)
        pixels = np.asarray(image.convert("RGB")).reshape(-1, 3)
    except Exception as error:
        raise Wrong(f"{path.name} is no picture: {error}") from error
    if image.width < width or image.height < height:
        raise Wrong(
            f"{path.name} has {image.width} x {image.height} pixels, at least {width} x {height} are needed"
        )
    colours, counts = np.unique(pixels, axis=0, return_counts=True)
    if len(colours) < 2 or counts.max() > 0.995 * len(pixels):
        raise Wrong(f"{path.name} is empty: nearly all of it is one colour")
    return image


def table(ending, columns, rows):
    """Give the table that was made, which has these columns, among others or alone, and so many rows."""
    path = made(ending)
    try:
        frame = _read(path)
    except Exception as error:
        raise Wrong(f"{path.name} cannot be read: {error}") from error
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise Wrong(f"{path.name} lacks the columns {missing}; it has {list(frame.columns)}")
    if len(frame) != rows:
        raise Wrong(f"{path.name} has {len(frame)} rows instead of {rows}")
    return frame


def same(found, expected, what, tolerance=0.005):
    """See that numbers, in their order, are these."""
    found, expected = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    if found.shape != expected.shape or not np.allclose(found, expected, rtol=tolerance, atol=1e-9):
        raise Wrong(f"{what} should be {expected[:6].tolist()} and are {found[:6].tolist()}")


def _value(text):
    digits, unit = re.fullmatch(r"(.*\d)\s?([a-z]*)", text.strip(), re.IGNORECASE).groups()
    digits = re.sub(r"[,'\u00a0\u202f]", "", digits).replace("\u2212", "-")
    return float(digits) * UNITS.get(unit.lower(), 1)


def _read(path):
    name = path.name.lower()
    if name.endswith(SPREADSHEETS):
        return pd.read_excel(path)
    if name.endswith(".parquet"):
        return pd.read_parquet(path)
    if name.endswith((".sqlite", ".db")):
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
            (first,) = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchone()
            return pd.read_sql(f'SELECT * FROM "{first}"', database)
    if name.endswith(".json"):
        return pd.read_json(path)
    return pd.read_csv(path)
