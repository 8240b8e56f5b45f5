# Question: Which three customers spent the most, and how much did each of them spend?
# Attached: shop.sqlite

import sqlite3

import pandas as pd

from checking import given, number, word

with sqlite3.connect(given("shop.sqlite")) as shop:
    orders = pd.read_sql("SELECT name, amount FROM orders JOIN customers ON customer_id = id", shop)
for name, amount in orders.groupby("name")["amount"].sum().nlargest(3).items():
    word(name)
    number(amount, f"what {name} spent")
