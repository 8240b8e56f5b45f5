# Question: What is the mean salary in each department?
# Attached: staff.xlsx

import pandas as pd

from checking import given, number, word

people = pd.read_excel(given("staff.xlsx"), sheet_name="people")
staff = people.merge(pd.read_excel(given("staff.xlsx"), sheet_name="departments"), on="dept")
for department, mean in staff.groupby("department")["salary"].mean().items():
    word(department)
    number(mean, f"the mean salary of {department}", tolerance=0.001)
