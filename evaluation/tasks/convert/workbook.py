# Question: Turn this JSON into an Excel workbook customers.xlsx, one row for each customer, with the columns id,
#   name, country and city.
# Attached: customers.json

import json

import pandas as pd

from checking import Wrong, given, same, table

customers = pd.json_normalize(json.loads(given("customers.json").read_text()))
frame = table(".xlsx", ["id", "name", "country", "city"], rows=len(customers)).sort_values("id")
same(frame["id"], customers["id"], "the ids")
for column, source in (("name", "name"), ("country", "address.country"), ("city", "address.city")):
    if list(frame[column]) != list(customers[source]):
        raise Wrong(f"the column {column} is {list(frame[column])[:3]}")
