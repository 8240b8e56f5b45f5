# Question: Which country brings in the most? Join the orders with the customers and save the revenue of each country
#   as revenue.csv with the columns country and revenue.
# Attached: orders.csv, customers.json

import json

import pandas as pd

from checking import given, number, same, table, word

customers = pd.json_normalize(json.loads(given("customers.json").read_text()))
orders = pd.read_csv(given("orders.csv")).merge(customers, left_on="customer_id", right_on="id")
revenue = orders.groupby("address.country")["amount"].sum()
frame = table(".csv", ["country", "revenue"], rows=len(revenue))
same(frame.sort_values("country")["revenue"], revenue, "the revenues")
word(revenue.idxmax())
number(revenue.max(), "the revenue of that country")
