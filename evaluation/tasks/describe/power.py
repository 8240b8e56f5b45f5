# Question: On which day was the most electricity used, and how many kWh was that?
# Attached: power.parquet

import pandas as pd

from checking import given, number, word

power = pd.read_parquet(given("power.parquet"))
days = power.groupby(power["hour"].dt.date)["kwh"].sum()
day = days.idxmax()
word(
    f"{day:%Y-%m-%d}",
    f"{day:%B} {day.day}",
    f"{day.day} {day:%B}",
    f"{day:%b} {day.day}",
    f"{day.day}. {day:%B}",
)
number(days.max(), "what was used on that day")
