# Question: Write a report of one page as a PDF: a heading, a sentence with the total of the amounts, and a chart of
#   the amounts by month. Tell me the total as well.
# Attached: orders.csv

import re

import pandas as pd

from checking import Wrong, given, made, number

path = made(".pdf")
content = path.read_bytes()
if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-1024:]:
    raise Wrong(f"{path.name} is no PDF")
if not re.search(rb"/Type\s*/Page[^s]", content):
    raise Wrong(f"{path.name} has no page")
if len(content) < 3000:
    raise Wrong(f"{path.name} has only {len(content)} bytes, too few for a chart")
number(pd.read_csv(given("orders.csv"))["amount"].sum(), "the total")
