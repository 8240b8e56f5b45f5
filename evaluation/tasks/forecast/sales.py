# Question: Forecast the sales of the next six months. Save them as forecast.csv with the columns month (as 2025-01)
#   and sold, and draw the past and the forecast in one picture. What do you expect for the first of these months?
# Attached: sales.csv

import numpy as np
import pandas as pd

from checking import Wrong, given, number, picture, same, table

past = pd.read_csv(given("sales.csv"))["sold"].to_numpy()
count = np.arange(len(past) + 6)
turns = 2 * np.pi * count / 12
shape = np.stack([np.ones(len(count)), count, np.sin(turns), np.cos(turns)], axis=1)
expected = shape[-6:] @ np.linalg.lstsq(shape[:-6], past, rcond=None)[0]
frame = table(".csv", ["month", "sold"], rows=6)
months = [str(month) for month in pd.period_range("2025-01", periods=6, freq="M")]
if list(frame["month"].astype(str).str[:7]) != months:
    raise Wrong(f"the months are {list(frame['month'])}")
same(frame["sold"], expected, "the forecasts", tolerance=0.1)
picture()
number(frame["sold"].iloc[0], "the first forecast", tolerance=0.01)
