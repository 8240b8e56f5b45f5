# Question: How many reports are in this file, and what did all the strikes cost together, in US dollars?
# Attached: birdstrikes.csv.gz

import pandas as pd

from checking import given, number

reports = pd.read_csv(given("birdstrikes.csv.gz"))
number(len(reports), "the number of reports", tolerance=0)
number(reports["Cost Total $"].sum(), "the cost")
