# Question: How does the price depend on the area? Fit a straight line: what does a square metre cost, how much of the
#   variation is explained, and what would a flat of 100 m² cost?
# Attached: houses.tsv

import numpy as np
import pandas as pd

from checking import given, number

houses = pd.read_csv(given("houses.tsv"), sep="\t")
slope, start = np.polyfit(houses["area_m2"], houses["price"], 1)
number(slope, "the price of a square metre", tolerance=0.01)
number(start + 100 * slope, "the price of 100 m²", tolerance=0.01)
explained = np.corrcoef(houses["area_m2"], houses["price"])[0, 1] ** 2
number(explained, "how much of the variation is explained", tolerance=0.006, percent=True)
