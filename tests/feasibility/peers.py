"""Three published reward checkers on the suite, beside the tool's own results.

    python -m tests.feasibility.peers VENV [--only id,kind,family] [--half PART] [--every 1] [--own RESULTS.json]
        [--json FILE]

VENV is a folder for an environment of their own, made and filled at the first run. Each checker gets what it asks for:
goodhart a registered environment (its `--detect`: 20 random episodes), reward-contract-fuzzer the exact model and the
owner's best policy as the intended one, reward-scope the steps of a tabular learner. Each item is flagged or not; a
checker that cannot take an item is counted apart.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

from tests.feasibility.score import chosen
from tests.feasibility.suite import BAD, PARTS, load

PINS = ("goodhart==1.2.1", "reward-contract-fuzzer==0.2.0", "reward-scope==0.2.2", "gymnasium", "pyyaml", "pydantic")
ROOT = Path(__file__).parents[2]
Row = dict[str, Any]


def prepared(folder: Path) -> Path:
    """The Python of the checkers' environment, made if it is not there."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PINS], check=True)
    return python


def figures(rows: list[Row], name: str) -> str:
    """How many planted and clean items a checker flags, of those that it takes."""
    kinds = {True: [0, 0], False: [0, 0]}
    for row in rows:
        if row[name] is not None:
            kinds[row["kind"] == "clean"][0] += bool(row[name])
            kinds[row["kind"] == "clean"][1] += 1
    (planted, of_planted), (clean, of_clean) = kinds[False], kinds[True]
    apart = len(rows) - of_planted - of_clean
    return f"{name:<24} planted flagged {planted}/{of_planted}   clean flagged {clean}/{of_clean}   not taken {apart}"


def with_own(rows: list[Row], path: Path) -> list[Row]:
    """The rows with the tool's own answers; an item is flagged when it is told not to be feasible as it stands.

    own_bad: reward_defective or infeasible. own_named: some defect is named.
    """
    own: dict[str, Row] = {row["id"]: row for row in json.loads(path.read_text(encoding="utf-8"))}
    for row in rows:
        found = own.get(row["id"])
        row["own_bad"] = None if found is None else found["verdict"] in BAD
        row["own_named"] = None if found is None else bool(found["defects"])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.feasibility.peers", description=__doc__)
    parser.add_argument("venv", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--half", default="", choices=("", *PARTS))
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--own", type=Path, help="results of tests.feasibility.score --json")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    python = prepared(asked.venv)
    ids = [item.id for item in chosen(load(), asked.only, asked.half)[:: asked.every]]
    child = subprocess.run(
        [str(python), "-W", "ignore", "-m", "tests.feasibility.peers_child", *ids],
        stdout=subprocess.PIPE,
        stderr=sys.stderr,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        check=True,
    )
    rows: list[Row] = json.loads(child.stdout)
    names = ["goodhart", "reward-contract-fuzzer", "reward-scope"]
    if asked.own:
        rows, names = with_own(rows, asked.own), [*names, "own_bad", "own_named"]
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    for name in names:
        print(figures(rows, name))


if __name__ == "__main__":
    main()
