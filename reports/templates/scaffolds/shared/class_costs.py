# Case: @TITLE@
"""What always saying one class costs on the latest cases, and a model.

python class_costs.py CASES error_costs.csv PREDICTED

Split by date, the latest fifth is the test period; the class is chosen on the earlier ones. Any model has to beat it.
PREDICTED may be left out; it has the columns recorded and predicted, a line for each of the latest cases.
"""

import csv
import sys
from pathlib import Path


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def split(rows, share=0.2):
    """(earlier, later) by date; cases of one day stay on one side."""
    dates = sorted(row["date"] for row in rows)
    first = dates[min(len(dates) - 1, round(len(dates) * (1 - share)))]
    return [row for row in rows if row["date"] < first], [row for row in rows if row["date"] >= first]


def cost_of(recorded, predicted, costs):
    """Mean cost of a case; a right one costs nothing. Raises KeyError for a pair that error_costs.csv lacks."""
    return sum(0 if r == p else costs[r, p] for r, p in zip(recorded, predicted)) / len(recorded)


def constant(labels, costs):
    """The class that is cheapest to say always."""
    return min(sorted(set(labels)), key=lambda each: cost_of(labels, [each] * len(labels), costs))


def saved(recorded, predicted, always, costs):
    """(mean cost of a prediction, what it saves a case against always one class, half its 95 % interval)."""
    paid = [cost_of([r], [p], costs) for r, p in zip(recorded, predicted)]
    gains = [cost_of([r], [always], costs) - cost for r, cost in zip(recorded, paid)]
    mean = sum(gains) / len(gains)
    spread = sum((gain - mean) ** 2 for gain in gains) / max(len(gains) - 1, 1)
    return sum(paid) / len(paid), mean, 1.96 * (spread / len(gains)) ** 0.5


def main(cases, prices, predictions=None):
    costs = {(row["recorded"], row["predicted"]): float(row["cost"]) for row in read(prices)}
    earlier, later = ([row["label"] for row in part] for part in split(read(cases)))
    always = constant(earlier, costs)
    paid = cost_of(later, [always] * len(later), costs)
    sys.stdout.write(f"{len(earlier)} earlier and {len(later)} later cases\n")
    sys.stdout.write(f"always '{always}': {paid:.4f} a case on the later ones; a model has to cost less\n")
    rarest = min(sorted(set(earlier)), key=later.count)
    sys.stdout.write(f"rarest class in the test period: '{rarest}' with {later.count(rarest)} cases\n")
    if predictions:
        pairs = [(row["recorded"], row["predicted"]) for row in read(predictions)]
        if [recorded for recorded, _ in pairs] != later:
            raise ValueError("the predictions are not those of the later cases, in their order")
        cost, gain, half = saved(later, [predicted for _, predicted in pairs], always, costs)
        sys.stdout.write(f"the model: {cost:.4f} a case; it saves {gain:.4f} +- {half:.4f}\n")


if __name__ == "__main__":
    main(*sys.argv[1:4])
