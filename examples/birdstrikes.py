"""When, where and with which birds aircraft collide: 10,000 reports from the United States, 1990 to 2002.

`make demo` runs this inside Taipan. The data's source and licence are in data/README.md.
"""

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.ticker import FuncFormatter, MultipleLocator, PercentFormatter

INK, SKY, RUST = "#22313f", "#2a7f9e", "#c8553d"
SOURCE = "Source: FAA Wildlife Strike Database, extract of 10,000 reports"
sns.set_theme(style="white", rc={"text.color": INK, "axes.labelcolor": INK, "font.size": 11})

# Read and tidy

strikes = load_file("birdstrikes.csv.gz").rename(
    columns={
        "Flight Date": "date",
        "Airport Name": "airport",
        "Aircraft Make Model": "aircraft",
        "Phase of flight": "phase",
        "Time of day": "time_of_day",
        "Wildlife Species": "species",
        "Effect Amount of damage": "damage",
        "Cost Total $": "cost",
        "Speed IAS in knots": "knots",
    },
)
strikes["date"] = pd.to_datetime(strikes["date"])
strikes["year"] = strikes["date"].dt.year
strikes["month"] = strikes["date"].dt.month_name().str[:3]
strikes["damaged"] = strikes["damage"].isin(["Minor", "Medium", "Substantial"])

first, last = strikes["date"].min(), strikes["date"].max()
print(f"{len(strikes):,} strikes at {strikes['airport'].nunique()} airports, {first:%B %Y} to {last:%B %Y}")
print(
    f"{strikes['damaged'].mean():.1%} did damage; reported costs add up to ${strikes['cost'].sum():,.0f}.\n"
)

# Tables, by whatever divides the strikes


def summary_by(column: str) -> pd.DataFrame:
    """How often, how harmful and how expensive, for each value of a column."""
    table = strikes.groupby(column).agg(
        strikes=("date", "size"),
        damaged=("damaged", "mean"),
        knots=("knots", "median"),
        total_cost=("cost", "sum"),
        cost_per_strike=("cost", "mean"),
    )
    return table.sort_values("strikes", ascending=False)


by_phase = summary_by("phase")
by_species = summary_by("species")
print("By phase of flight")
print(
    by_phase.to_string(
        formatters={
            "damaged": "{:.1%}".format,
            "total_cost": "{:,.0f}".format,
            "cost_per_strike": "{:,.0f}".format,
        }
    ),
    "\n",
)

# Years that are complete; 2002 ends in July.
months = list(pd.date_range("2001-01-01", periods=12, freq="MS").strftime("%b"))
whole_years = strikes[strikes["year"] < last.year]
by_month = whole_years.pivot_table(index="year", columns="month", values="date", aggfunc="size")[months]
monthly_mean = by_month.mean()
print(f"Most strikes come in {monthly_mean.idxmax()} ({monthly_mean.max():.0f} in a mean year),")
print(f"{monthly_mean.max() / monthly_mean.min():.1f} times as many as in {monthly_mean.idxmin()}.\n")

# Plot 1: the seasons

figure, (bars, heat) = plt.subplots(
    2, 1, figsize=(9.5, 7.5), sharex=True, height_ratios=[1, 2.6], layout="constrained"
)
positions = [month + 0.5 for month in range(12)]
peak = monthly_mean >= monthly_mean.nlargest(3).min()
bars.bar(positions, monthly_mean, width=0.86, color=[RUST if high else SKY for high in peak])
for position, mean in zip(positions, monthly_mean, strict=True):
    bars.text(position, mean + 2, f"{mean:.0f}", ha="center", fontsize=10)
bars.set(yticks=[], title="", ylim=(0, monthly_mean.max() * 1.15))
bars.set_ylabel("Mean per month")
sns.despine(ax=bars, left=True, bottom=True)
sns.heatmap(
    by_month,
    ax=heat,
    cmap="mako_r",
    annot=True,
    fmt=".0f",
    annot_kws={"fontsize": 9},
    linewidths=1,
    cbar_kws={"label": "Strikes", "pad": 0.02},
)
heat.set(xlabel="", ylabel="Year")
heat.tick_params(axis="y", rotation=0)
figure.suptitle(
    "Most strikes come in late summer and autumn; reports more than doubled by 2001",
    fontsize=15,
    weight="bold",
)
figure.text(1, -0.03, SOURCE, ha="right", fontsize=9, color="grey")
figure.savefig("strikes-by-month.png", dpi=130, bbox_inches="tight")
plt.close(figure)

# Plot 2: the species

named = by_species[~by_species.index.str.startswith("Unknown") & (by_species["total_cost"] > 0)]
expensive = named.nlargest(10, "total_cost").sort_values("total_cost")
goose_share = expensive["total_cost"].iloc[-1] / named["total_cost"].sum()
figure, (costs, harm) = plt.subplots(
    1, 2, figsize=(11, 6), sharey=True, width_ratios=[2, 1], layout="constrained"
)
costs.barh(expensive.index, expensive["total_cost"], color=[SKY] * (len(expensive) - 1) + [RUST])
for row, (total, count) in enumerate(zip(expensive["total_cost"], expensive["strikes"], strict=True)):
    costs.text(total + 2e5, row, f"{total / 1e6:.1f} million, {count} strikes", va="center", fontsize=9.5)
costs.set(xlabel="Reported cost of all strikes, million US$", xlim=(0, expensive["total_cost"].max() * 1.35))
costs.xaxis.set_major_locator(MultipleLocator(5e6))
costs.xaxis.set_major_formatter(FuncFormatter(lambda dollars, _: f"{dollars / 1e6:.0f}"))
harm.hlines(expensive.index, 0, expensive["damaged"], color="lightgrey", linewidth=2)
harm.plot(expensive["damaged"], expensive.index, "o", color=INK, markersize=9)
harm.set(xlabel="Strikes that did damage", xlim=(0, 0.7))
harm.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
sns.despine(figure, left=True)
figure.suptitle(
    f"{expensive.index[-1]}: {goose_share:.0%} of the cost of all identified species",
    fontsize=15,
    weight="bold",
)
figure.text(1, -0.03, SOURCE, ha="right", fontsize=9, color="grey")
figure.savefig("species-and-cost.png", dpi=130, bbox_inches="tight")
plt.close(figure)

# Files to take along

costliest = strikes.nlargest(25, "cost")[
    ["date", "airport", "aircraft", "phase", "species", "damage", "cost"]
]
sheets = {
    "By phase": by_phase.reset_index(),
    "By species": by_species.reset_index(),
    "By month": by_month.reset_index(),
    "Costliest": costliest,
}
with pd.ExcelWriter("birdstrikes.xlsx", engine="xlsxwriter", datetime_format="yyyy-mm-dd") as writer:
    header = writer.book.add_format({"bold": True, "font_color": "white", "bg_color": INK, "align": "center"})
    formats = {
        "damaged": writer.book.add_format({"num_format": "0.0%"}),
        "cost": writer.book.add_format({"num_format": "$#,##0"}),
        "plain": writer.book.add_format({"num_format": "General"}),
    }
    for name, table in sheets.items():
        table.to_excel(writer, sheet_name=name, index=False, startrow=1, header=False)
        sheet = writer.sheets[name]
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
        for number, column in enumerate(table.columns):
            kind = "cost" if "cost" in str(column) else str(column)
            is_text = pd.api.types.is_string_dtype(table[column])
            width = table[column].str.len().clip(upper=36).max() + 1 if is_text else len(str(column)) + 6
            sheet.write(0, number, str(column).replace("_", " "), header)
            sheet.set_column(number, number, width, formats.get(kind, formats["plain"]))
    writer.sheets["By species"].conditional_format(
        1, 1, len(by_species), 1, {"type": "data_bar", "bar_color": SKY}
    )
    writer.sheets["By month"].conditional_format(
        1, 1, len(by_month), 12, {"type": "2_color_scale", "min_color": "white", "max_color": RUST}
    )
    chart = writer.book.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": "Cost per strike",
            "categories": ["By phase", 1, 0, len(by_phase), 0],
            "values": ["By phase", 1, 5, len(by_phase), 5],
            "fill": {"color": RUST},
        }
    )
    chart.set_title({"name": "Cost per strike, by phase of flight"})
    chart.set_legend({"none": True})
    writer.sheets["By phase"].insert_chart("H2", chart)

strikes.to_parquet("birdstrikes.parquet", index=False)

# The last line of a script is shown, as in a notebook.
by_species.head(10).round({"damaged": 3, "cost_per_strike": 0})
