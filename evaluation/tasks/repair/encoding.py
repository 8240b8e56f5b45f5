# Question: What is the total of Umsatz in this file, and which café has the most? The file comes from an old program.
# Attached: cafes.csv

import pandas as pd

from checking import given, number, word

cafes = pd.read_csv(given("cafes.csv"), sep=";", decimal=",", encoding="latin-1")
number(cafes["Umsatz"].sum(), "the total")
word(cafes.loc[cafes["Umsatz"].idxmax(), "Café"])
