# Case: @TITLE@
"""What planning for scenarios is worth against planning for the mean: python scenarios.py scenarios.csv 100

Value of the stochastic solution (Birge and Louveaux 2011, section 4.2), with plans chosen on every second scenario and
costed on the others. The number is the present plan, costed in every scenario. The example orders an amount before
demand is known.
"""

import csv
import sys
from pathlib import Path


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# TODO: your plans, and what one of them costs in one scenario.
PLANS = [float(amount) for amount in range(0, 201, 5)]


def cost(plan, scenario):
    """Of one plan in one scenario: here 1 for each unit bought, 4 for each that is missing."""
    return 1.0 * plan + 4.0 * max(0.0, scenario - plan)


def best(scenarios):
    """The plan with the least mean cost."""
    return min(PLANS, key=lambda plan: sum(cost(plan, each) for each in scenarios))


def value(scenarios):
    """(plan for the mean, plan for the scenarios, what the second saves on held-out ones, half its 95 % interval)."""
    chosen, held = scenarios[::2], scenarios[1::2]
    expected, wise = best([sum(chosen) / len(chosen)]), best(chosen)
    savings = [cost(expected, each) - cost(wise, each) for each in held]
    mean = sum(savings) / len(savings)
    spread = sum((each - mean) ** 2 for each in savings) / max(len(savings) - 1, 1)
    return expected, wise, mean, 1.96 * (spread / len(savings)) ** 0.5


def main(path, present):
    scenarios = [float(row["demand"]) for row in read(path)]
    costs = [cost(float(present), each) for each in scenarios]
    mean, low, high = sum(costs) / len(costs), min(costs), max(costs)
    sys.stdout.write(f"the present plan {present} costs {mean:.2f} on average, {low:.2f} to {high:.2f}\n")
    expected, wise, mean, half = value(scenarios)
    sys.stdout.write(f"plan for the mean {expected:g}, for {len(scenarios[::2])} scenarios {wise:g}\n")
    sys.stdout.write(f"the second saves {mean:.2f} +- {half:.2f} on {len(scenarios[1::2])} others\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
