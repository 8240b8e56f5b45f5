# Question: Clean this survey and save it as clean.csv, with commas between the columns: Nr, Datum as 2024-12-31,
#   Betrag as a number with a decimal point. Leave out rows that stand twice and rows without an amount. What is the sum
#   of the amounts?
# Attached: umfrage.csv

import pandas as pd

from checking import Wrong, given, number, same, table

wanted = (
    pd.read_csv(given("umfrage.csv"), sep=";", decimal=",", na_values="n/a")
    .drop_duplicates()
    .dropna(subset="Betrag")
)
frame = table(".csv", ["Nr", "Datum", "Betrag"], rows=len(wanted)).sort_values("Nr")
same(frame["Betrag"], wanted.sort_values("Nr")["Betrag"], "the amounts")
dates = pd.to_datetime(wanted.sort_values("Nr")["Datum"], format="%d.%m.%Y").dt.strftime("%Y-%m-%d")
if list(frame["Datum"].astype(str).str[:10]) != list(dates):
    raise Wrong(f"the dates should begin {list(dates)[:3]} and begin {list(frame['Datum'])[:3]}")
number(wanted["Betrag"].sum(), "the sum")
