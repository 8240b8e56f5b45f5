# Question: A broken sensor reports -999. What is the mean temperature of each station without those, and how many
#   values were broken?
# Attached: stations.csv

import pandas as pd

from checking import given, number, word

stations = pd.read_csv(given("stations.csv"))
number((stations["celsius"] == -999).sum(), "how many values were broken", tolerance=0)
for station, mean in stations[stations["celsius"] != -999].groupby("station")["celsius"].mean().items():
    word(station)
    number(mean, f"the mean of {station}", tolerance=0.01)
