# Case: @TITLE@
"""Walk past cases through state_machine.yaml and count those that leave it: python walk.py past_steps.csv

past_steps.csv: one step a line in the order of each case: case, state, event, next_state. Needs PyYAML.
"""

import csv
import sys
from pathlib import Path

import yaml

MACHINE = yaml.safe_load((Path(__file__).resolve().parent / "state_machine.yaml").read_text(encoding="utf-8"))


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def left(rows, machine=MACHINE):
    """For each case that leaves the chart the first step that is not drawn, a sentence each."""
    found, at = {}, {}
    for row in rows:
        case, state, event, then = row["case"], row["state"], row["event"], row["next_state"]
        expected = at.get(case, machine["start"])
        moves = machine["states"].get(state, {}).get("moves", {})
        if state != expected:
            found.setdefault(case, f"it was in {state}, the chart has it in {expected}")
        elif moves.get(event) != then:
            found.setdefault(case, f"from {state} {event} led to {then}, the chart says {moves.get(event, 'nothing')}")
        at[case] = then
    return found


def main(path):
    rows = read(path)
    cases, gone = len({row["case"] for row in rows}), left(rows)
    sys.stdout.write(f"{len(gone)} of {cases} cases leave the chart ({100 * len(gone) / cases:.1f} %)\n")
    sys.stdout.writelines(f"{case}: {why}\n" for case, why in gone.items())


if __name__ == "__main__":
    main(sys.argv[1])
