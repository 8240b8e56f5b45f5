# Question: Put the tables in this archive together into one file visits.parquet with the columns day and visits, in
#   the order of the days, and tell me how many visits there were in all.
# Attached: visits.zip

import zipfile

import pandas as pd

from checking import given, number, same, table

with zipfile.ZipFile(given("visits.zip")) as archive:
    parts = [pd.read_csv(archive.open(name)) for name in sorted(archive.namelist())]
visits = pd.concat(parts)
frame = table(".parquet", ["day", "visits"], rows=len(visits))
same(frame["visits"], visits["visits"], "the visits")
number(visits["visits"].sum(), "how many visits there were", tolerance=0)
