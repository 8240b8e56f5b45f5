# Question: Show as a bar chart how many strikes there were in each month of the year, all years together. In which
#   month are there the most, and how many?
# Attached: birdstrikes.csv.gz

import pandas as pd

from checking import given, number, picture, word

dates = pd.to_datetime(pd.read_csv(given("birdstrikes.csv.gz"))["Flight Date"])
months = dates.dt.month_name().value_counts()
picture()
word(months.index[0])
number(months.iloc[0], "how many there are in that month", tolerance=0)
