# Question: Draw a map of these earthquakes, with larger dots for stronger ones. How many have a magnitude of 5 or
#   more?
# Attached: quakes.geojson

import json

from checking import given, number, picture

features = json.loads(given("quakes.geojson").read_text())["features"]
picture()
number(
    sum(feature["properties"]["mag"] >= 5 for feature in features), "how many are that strong", tolerance=0
)
