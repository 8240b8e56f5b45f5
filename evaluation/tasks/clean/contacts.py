# Question: Some of these people stand twice with the same e-mail address, written in other ways. Keep the first row
#   of each, save the result as contacts_clean.xlsx with the columns name and email, and tell me how many are left.
# Attached: contacts.xlsx

import pandas as pd

from checking import Wrong, given, number, table

contacts = pd.read_excel(given("contacts.xlsx"))
people = contacts[~contacts["email"].str.strip().str.lower().duplicated()]
frame = table(".xlsx", ["name", "email"], rows=len(people))
if set(frame["name"]) != set(people["name"]):
    raise Wrong(f"the people are {sorted(frame['name'])}")
number(len(people), "how many are left", tolerance=0)
