"""Writes the files in `evaluation/data`: small, made up, and always the same.

    .venv/bin/python evaluation/write_data.py

The checks compute what is right from these files, so they may be changed without changing a check.
"""

import json
import sqlite3
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

DATA = Path(__file__).parent / "data"
CITIES = {"Oslo": (59.9, 10.8), "Lima": (-12.0, -77.0), "Tokio": (35.7, 139.7), "Quito": (-0.2, -78.5)}


def orders(random: np.random.Generator) -> None:
    """A small shop: its customers as JSON, its orders as CSV, and both as a database."""
    countries = ["NO", "DE", "FR", "US"]
    names = ["Aasen", "Berger", "Costa", "Dubois", "Engel", "Fischer", "Grant", "Haugen", "Ivers", "Jonas"]
    customers = [
        {
            "id": 100 + number,
            "name": name,
            "address": {"country": countries[number % 4], "city": f"City {number}"},
        }
        for number, name in enumerate(names)
    ]
    (DATA / "customers.json").write_text(json.dumps(customers, indent=1) + "\n")
    table = pd.DataFrame(
        {
            "order_id": range(1, 121),
            "customer_id": random.integers(100, 110, 120),
            "ordered_on": pd.to_datetime("2025-01-01")
            + pd.to_timedelta(np.sort(random.integers(0, 180, 120)), "D"),
            "amount": random.gamma(2, 40, 120).round(2),
        }
    )
    table.to_csv(DATA / "orders.csv", index=False)
    path = DATA / "shop.sqlite"
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as database:
        table.assign(ordered_on=table["ordered_on"].astype(str)).to_sql("orders", database, index=False)
        rows = [(customer["id"], customer["name"], customer["address"]["country"]) for customer in customers]
        pd.DataFrame(rows, columns=["id", "name", "country"]).to_sql("customers", database, index=False)


def power(random: np.random.Generator) -> None:
    """The electricity of two months, hour by hour."""
    hours = pd.date_range("2025-02-01", periods=59 * 24, freq="h")
    daily = 2 + np.sin((hours.hour - 6) / 24 * 2 * np.pi) + 0.4 * (hours.day_of_week >= 5)
    table = pd.DataFrame({"hour": hours, "kwh": (daily + random.gamma(2, 0.2, len(hours))).round(3)})
    table.to_parquet(DATA / "power.parquet", index=False)


def survey(random: np.random.Generator) -> None:
    """As spreadsheets in Europe write it: semicolons, decimal commas, days first, gaps and rows that stand twice."""
    rows = [
        f"{number};{random.integers(1, 28):02}.{random.integers(1, 12):02}.2024;"
        f"{'n/a' if number % 9 == 0 else f'{random.gamma(3, 300):.2f}'.replace('.', ',')};"
        f"{'ja' if number % 3 else 'nein'}"
        for number in range(1, 61)
    ]
    rows += rows[10:16]
    (DATA / "umfrage.csv").write_text("Nr;Datum;Betrag;Zufrieden\n" + "\n".join(rows) + "\n")
    cafes = "Café;Straße;Umsatz\nMöwe;Hafenstraße 1;1200,50\nSüd;Ölmühlweg 7;980,25\nÉtoile;Rue de la Paix 3;1500,00\n"
    (DATA / "cafes.csv").write_text(cafes, encoding="latin-1")


def contacts() -> None:
    """Addresses of which some stand twice, with other capitals and blanks."""
    names = ["Ana Ruiz", "Bo Lind", "Cy Young", "Di Marsh", "Ed Stone", "Fay Wren", "Gus Hill", "Hal Moor"]
    emails = [f"{name.split()[0].lower()}@example.org" for name in names]
    twice = [(names[1], "BO@Example.org "), (names[4], " Ed@example.org"), (names[4], "ED@EXAMPLE.ORG")]
    table = pd.DataFrame([*zip(names, emails, strict=True), *twice], columns=["name", "email"])
    table.to_excel(DATA / "contacts.xlsx", index=False, sheet_name="contacts")


def staff(random: np.random.Generator) -> None:
    """A workbook with two sheets."""
    departments = pd.DataFrame({"dept": [1, 2, 3], "department": ["Harbour", "Kitchen", "Library"]})
    people = pd.DataFrame(
        {
            "person": [f"P{number:02}" for number in range(24)],
            "dept": random.integers(1, 4, 24),
            "salary": random.normal(42_000, 6_000, 24).round(-2),
        }
    )
    with pd.ExcelWriter(DATA / "staff.xlsx") as workbook:
        people.to_excel(workbook, sheet_name="people", index=False)
        departments.to_excel(workbook, sheet_name="departments", index=False)


def sensors(random: np.random.Generator) -> None:
    """Temperatures; -999 is what a broken sensor reports."""
    days = pd.date_range("2025-03-01", periods=30, freq="D")
    table = pd.DataFrame(
        [
            {
                "day": day.date(),
                "station": city,
                "celsius": round(float(random.normal(18 - abs(place[0]) / 5, 3)), 1),
            }
            for day in days
            for city, place in CITIES.items()
        ]
    )
    table.loc[random.choice(len(table), 9, replace=False), "celsius"] = -999
    table.to_csv(DATA / "stations.csv", index=False)


def months(random: np.random.Generator) -> None:
    """Visits of each month of a quarter, in an archive, and five years of sales with a trend and seasons."""
    with zipfile.ZipFile(DATA / "visits.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for month in ("2025-01", "2025-02", "2025-03"):
            visits = random.poisson(80, 28)
            rows = "".join(f"{month}-{day + 1:02},{count}\n" for day, count in enumerate(visits))
            archive.writestr(
                zipfile.ZipInfo(f"visits-{month}.csv", (2025, 4, 1, 0, 0, 0)), "day,visits\n" + rows
            )
    number = np.arange(60)
    sales = 200 + 3 * number + 40 * np.sin(2 * np.pi * number / 12) + random.normal(0, 4, 60)
    names = pd.period_range("2020-01", periods=60, freq="M").astype(str)
    table = pd.DataFrame({"month": names, "sold": sales.round(1)})
    table.to_csv(DATA / "sales.csv", index=False)


def houses(random: np.random.Generator) -> None:
    """Prices that follow from the area, more or less."""
    area = random.uniform(40, 180, 80).round(1)
    price = 30_000 + 2_500 * area + random.normal(0, 12_000, 80)
    pd.DataFrame({"area_m2": area, "price": price.round(-2)}).to_csv(
        DATA / "houses.tsv", index=False, sep="\t"
    )


def quakes(random: np.random.Generator) -> None:
    """Earthquakes as GeoJSON."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(float(east), 3), round(float(north), 3)]},
            "properties": {"mag": round(float(magnitude), 1), "place": f"Place {number}"},
        }
        for number, (east, north, magnitude) in enumerate(
            zip(
                random.uniform(-180, 180, 90),
                random.normal(0, 25, 90),
                3 + random.exponential(1, 90),
                strict=True,
            )
        )
    ]
    document = {"type": "FeatureCollection", "features": features}
    (DATA / "quakes.geojson").write_text(json.dumps(document) + "\n")


def log(random: np.random.Generator) -> None:
    """What a web server writes down."""
    paths, statuses = ["/", "/about", "/api/files", "/login"], [200, 200, 200, 304, 404, 500]
    lines = [
        f"192.0.2.{random.integers(1, 20)} - - [03/Mar/2025:{number // 60:02}:{number % 60:02}:00 +0000] "
        f'"GET {paths[random.integers(4)]} HTTP/1.1" {statuses[random.integers(6)]} {random.integers(100, 9000)}\n'
        for number in range(300)
    ]
    (DATA / "access.log").write_text("".join(lines))


def picture() -> None:
    """A sunset, in a way."""
    down, across = np.mgrid[0:180, 0:320]
    image = np.stack([255 - down * 0.8, 120 + across * 0.2, 60 + down * 0.5], axis=-1).astype("uint8")
    Image.fromarray(image).save(DATA / "sunset.png")


if __name__ == "__main__":
    DATA.mkdir(exist_ok=True)
    source = np.random.default_rng(7)
    for write in (orders, power, survey, staff, sensors, months, houses, quakes, log):
        write(source)
    contacts()
    picture()
