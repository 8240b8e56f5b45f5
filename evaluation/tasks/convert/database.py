# Question: Put this table into an SQLite database strikes.sqlite, into one table strikes with all its columns. How
#   many rows are of the state Texas?
# Attached: birdstrikes.csv.gz

import re

import pandas as pd

from checking import Wrong, given, number, same, table

source = pd.read_csv(given("birdstrikes.csv.gz"))
frame = table(".sqlite", [], rows=len(source))
if len(frame.columns) < len(source.columns):
    raise Wrong(f"the database has the columns {list(frame.columns)}")
total = [
    frame[name].sum() for name in frame.columns if re.sub("[^a-z]", "", name.lower()).startswith("costtotal")
]
same(total, [source["Cost Total $"].sum()], "the costs")
number((source["Origin State"] == "Texas").sum(), "the rows of Texas", tolerance=0)
