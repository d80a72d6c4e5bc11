# Case: @TITLE@
"""Fit a one-step model and measure its error after 1, 5 and 20 steps: python one_step.py history.csv

state[t+1] = keeps * state[t] + gain * action[t] + offset, least squares on the first half, errors on the second.
"""

import csv
import sys
from pathlib import Path


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fit(states, actions):
    """(keeps, gain, offset). Raises ValueError when state or action never moved by itself."""
    now, given, later = states[:-1], actions[:-1], states[1:]
    means = [sum(each) / len(each) for each in (now, given, later)]
    a, b, c = ([x - mean for x in each] for each, mean in zip((now, given, later), means))

    def dot(p, q):
        return sum(x * y for x, y in zip(p, q))

    determinant = dot(a, a) * dot(b, b) - dot(a, b) ** 2
    if determinant <= 1e-12 * max(dot(a, a) * dot(b, b), 1e-300):
        raise ValueError("state or action never moved by itself; record a time with other actions")
    keeps = (dot(a, c) * dot(b, b) - dot(b, c) * dot(a, b)) / determinant
    gain = (dot(b, c) * dot(a, a) - dot(a, c) * dot(a, b)) / determinant
    return keeps, gain, means[2] - keeps * means[0] - gain * means[1]


def ahead(model, state, actions):
    """The state after the actions."""
    keeps, gain, offset = model
    for action in actions:
        state = keeps * state + gain * action + offset
    return state


def error(model, states, actions, steps):
    """Mean absolute error after so many steps, from every start."""
    starts = range(len(states) - steps)
    return sum(abs(ahead(model, states[t], actions[t : t + steps]) - states[t + steps]) for t in starts) / len(starts)


def main(path):
    rows = read(path)
    states, actions = ([float(row[name]) for row in rows] for name in ("state", "action"))
    half = len(rows) // 2
    model = fit(states[:half], actions[:half])
    sys.stdout.write("keeps {:.4f}, gain {:.4f}, offset {:.4f}\n".format(*model))
    for steps in (1, 5, 20):
        effect = abs(ahead(model, 0, [max(actions)] * steps) - ahead(model, 0, [min(actions)] * steps))
        found = error(model, states[half:], actions[half:], steps)
        sys.stdout.write(f"after {steps} steps: error {found:.3f}; the actions move it by up to {effect:.3f}\n")


if __name__ == "__main__":
    main(sys.argv[1])
