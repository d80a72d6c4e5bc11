"""Print the CPU time of whole commands beside that of bare Python, and the wall time of solving 10,000 states.

Run: python tests/benchmarks/startup.py [--rounds 9]. Every command runs in a process of its own, the rounds of all
commands interleaved; user and system time are added up. The spec has two products on 100 by 100 shelves, 1.4 million
transitions.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
EMPTY = "scoper: 1\ntitle: Nothing known yet\nanswers: {}\n"
TEN_THOUSAND = """\
scoper_mdp: 1
name: Two products
discount: 0.99
state: {a: {from: 0, to: 99}, b: {from: 0, to: 99}}
actions: {order_a: {from: 0, to: 3}, order_b: {from: 0, to: 3}}
exogenous: {da: {values: {0: 0.3, 1: 0.4, 2: 0.3}}, db: {values: {0: 0.3, 1: 0.4, 2: 0.3}}}
next: {a: "min(99, max(0, a - da) + order_a)", b: "min(99, max(0, b - db) + order_b)"}
reward: {sales: "5 * min(a, da) + 4 * min(b, db)", buy: "-2 * (order_a + order_b)", hold: "-0.05 * (a + b)"}
start: {a: 10, b: 10}
"""


def timed(command: list[str]) -> tuple[float, float]:
    """CPU and wall milliseconds of one run; raises when it fails."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - start
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime), 1000 * wall


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # without kept bytecode every start compiles scoper anew
    with tempfile.TemporaryDirectory() as folder:
        empty, spec = Path(folder, "empty.yaml"), Path(folder, "ten_thousand.yaml")
        empty.write_text(EMPTY, encoding="utf-8")
        spec.write_text(TEN_THOUSAND, encoding="utf-8")
        scoper = [str(Path(sys.executable).with_name("scoper"))]
        cases = sorted(path for path in EXAMPLES.glob("*.yaml") if not path.name.endswith(".mdp.yaml"))
        commands = {"bare Python": [sys.executable, "-c", "pass"], "scoper --version": [*scoper, "--version"]}
        commands |= {f"scoper assess {case.stem}": [*scoper, "assess", str(case), "--json"] for case in cases}
        commands["scoper assess, nothing answered"] = [*scoper, "assess", str(empty), "--json"]
        commands["scoper solve, 10,000 states"] = [*scoper, "solve", str(spec)]
        rounds = [{name: timed(command) for name, command in commands.items()} for _ in range(options.rounds)]
    print(f"{'milliseconds':<38} {'CPU median':>10} {'min':>6} {'max':>6} {'wall median':>12}")
    for name in commands:
        cpu, wall = zip(*(each[name] for each in rounds), strict=True)
        print(
            f"{name:<38} {statistics.median(cpu):10.0f} {min(cpu):6.0f} {max(cpu):6.0f} {statistics.median(wall):12.0f}"
        )


if __name__ == "__main__":
    main()
