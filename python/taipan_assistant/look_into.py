"""Say what tables look like: a line of JSON for each file whose id is given.

It runs as the files' owner, like any other code of his, since reading a file is not safe elsewhere.
"""

import json
import sys

import pandas as pd

# As much as the assistant tells of a table; it cuts again, for it cannot know what wrote the lines.
MOST_COLUMNS = 40
MOST_ROWS = 3
LONGEST_CELL = 60


def shown(value: object) -> str:
    """Give a value as a short text."""
    text = str(value)
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def look_into(file_id: str) -> dict[str, object]:
    """Read a file and describe the table in it."""
    try:
        table = load_file(file_id)  # noqa: F821 - a function of every run
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the file, the others are looked into
        return {"content": shown(f"It cannot be read: {type(error).__name__}")}
    if not isinstance(table, pd.DataFrame):
        return {"content": shown(f"Not a table: {type(table).__name__}")}
    part = table.iloc[:MOST_ROWS, :MOST_COLUMNS]
    return {
        "rows": len(table),
        "columns": [
            [shown(name), str(kind)] for name, kind in zip(part.columns, part.dtypes.tolist(), strict=True)
        ],
        "more_columns": max(table.shape[1] - MOST_COLUMNS, 0),
        "first_rows": [[shown(value) for value in row] for row in part.itertuples(index=False, name=None)],
    }


for given in sys.argv[1:]:
    sys.stdout.write(json.dumps({"file": given, **look_into(given)}) + "\n")
    # What was found stays if the next file takes too long.
    sys.stdout.flush()
