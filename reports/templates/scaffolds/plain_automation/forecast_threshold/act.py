# Case: @TITLE@
"""Forecast the next values as those of one season ago, and say whether to act: python act.py series.csv [TODAY]

TODAY is an ISO date; without it this day, so that a late series never looks like a quiet day: exit 3 when it is too
old. Needs PyYAML.
"""

import csv
import datetime
import sys
from pathlib import Path

import yaml

RULE = yaml.safe_load((Path(__file__).resolve().parent / "threshold.yaml").read_text(encoding="utf-8"))


def forecast(values, season, horizon):
    """The value `horizon` steps ahead: the last known one of the same place in the season."""
    if len(values) < season:
        raise ValueError(f"{len(values)} values are fewer than one season of {season}")
    steps_back = season * ((horizon - 1) // season + 1) - horizon
    return values[-1 - steps_back]


def beyond(value, rule=RULE):
    """Whether a value lies beyond the line; the line itself does not."""
    return value > rule["threshold"] if rule["side"] == "above" else value < rule["threshold"]


def past(values, rule=RULE):
    """(caught, missed, false alarms) had the rule been followed from the second season on."""
    season, horizon = rule["season"], rule["horizon"]
    pairs = [
        (beyond(forecast(values[: t - horizon + 1], season, horizon), rule), beyond(values[t], rule))
        for t in range(season + horizon - 1, len(values))
    ]
    return tuple(pairs.count(kind) for kind in ((True, True), (False, True), (True, False)))


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row["date"] for row in rows], [float(row[RULE["value"]]) for row in rows]


def main(path, today=None):
    dates, values = read(path)
    last = datetime.datetime.fromisoformat(dates[-1]).date()
    day = datetime.date.fromisoformat(today) if today else datetime.date.today()
    if (day - last).days > RULE["oldest_days"]:
        sys.stdout.write(f"the series ends on {last}: no forecast; ask for the data, a person decides today\n")
        return 3
    expected = forecast(values, RULE["season"], RULE["horizon"])
    verdict = f"act: {RULE['action']}" if beyond(expected) else "do nothing"
    sys.stdout.write(f"{RULE['horizon']} ahead of {last}: {expected:g}, line {RULE['threshold']:g} -> {verdict}\n")
    caught, missed, false = past(values)
    cost, nothing = (
        missed * RULE["cost_miss"] + (caught + false) * RULE["cost_alarm"],
        (caught + missed) * RULE["cost_miss"],
    )
    sys.stdout.write(
        f"so far: {caught} caught, {missed} missed, {false} false; cost {cost:g}, doing nothing {nothing:g}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
