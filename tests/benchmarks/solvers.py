"""Time the solvers beside quantecon, mdpsolver and bettermdptools on the same arrays, all held to the same certificate.

Run: PEERS/bin/python tests/benchmarks/solvers.py [--smallest N] [--largest N] [--family F ...] [--peers P ...]
     [--json FILE] [--alone] [--bettermdptools PYTHON] [--seconds LIMIT] [--long LIMIT]      (PEERS: see peers.txt)
CPU time of one thread, interleaved: in every round each program solves once, in a process of its own; median of the
rounds. A cell ends at the limit. A second table tells memory and the cost of a sweep (`costs.py`). Importing libraries
and compiling kernels is not counted, for anybody; making arrays into the library's own form is not counted for the
others and told in its own column for scoper. An answer counts only if the residual of the optimality equation proves a
value error of at most 1e-6.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from itertools import product
from pathlib import Path
from statistics import median

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]
from costs import asked  # noqa: E402 - a script beside it
from families import FAMILIES, Instance  # noqa: E402
from peers import GOAL, PEERS, value_error  # noqa: E402

SIZES = (1_000, 10_000, 100_000, 1_000_000)
DISCOUNTS = (0.99, 0.999)
LARGEST = {"quantecon": 1_000_000, "mdpsolver": 10_000, "bettermdptools": 1_000}
"""Beyond it making a library's own form takes longer than everything else (lists of Python numbers)."""
BEHIND = 20.0
"""A method that was so many times slower than its best rival, or not certified, is not tried on the next size."""


class Program:
    """One peer and method on one instance in a process of its own; `failed` says why it is out."""

    def __init__(self, python: str, task: dict[str, object], limit: float) -> None:
        self.name = f"{task['peer']} {task['method']}"
        self.times: list[float] = []
        self.failed = ""
        self.peak = 0.0
        self.limit = limit
        command = [python, str(HERE / "peers.py")]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(command, stdin=-1, stdout=-1, stderr=quiet, text=True, bufsize=1)
        self._tell(json.dumps(task))
        if self._hear(10.0 * limit + 60.0) != "ready":
            self.failed = self.failed or "did not start"

    def round(self) -> None:
        """Solve once more."""
        if self.failed:
            return
        self._tell("again")
        answer = self._hear(self.limit)
        if not answer:
            self.failed = self.failed or f"> {self.limit:g} s"
            self.close()
            return
        told = json.loads(answer)
        if not told["error"] <= GOAL:
            self.failed = f"error {told['error']:.1e}"
        self.times.append(told["ms"])
        self.peak = max(self.peak, told["peak"])

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()

    def _tell(self, line: str) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            self.failed = "crashed"

    def _used(self) -> float:
        """CPU seconds of the process where the system tells them, as a busy machine must not end it sooner."""
        told = Path(f"/proc/{self.process.pid}/stat")
        if not told.exists():
            return time.monotonic()
        fields = told.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _hear(self, limit: float) -> str:
        assert self.process.stdout is not None
        begun = self._used()
        while self._used() - begun < limit:
            ready, _, _ = select.select([self.process.stdout], [], [], min(1.0, limit))
            if ready:
                line = self.process.stdout.readline().strip()
                if not line or line == "ready" or line.startswith("{"):
                    return line
        return ""


def own(instance: Instance, discount: float) -> dict[str, object]:
    """One solve of the project, from its own checked arrays: conversion and solution timed apart."""
    from scoper.numerics.compact import compact_of
    from scoper.numerics.plain import Aim
    from scoper.numerics.portfolio import run

    mdp = instance.mdp(discount)
    begun = time.process_time()
    compact = compact_of(mdp)
    ready = time.process_time()
    answer = run(compact, discount, Aim(0.0, GOAL))
    done = time.process_time()
    return {
        "ms": 1e3 * (done - ready),
        "convert": 1e3 * (ready - begun),
        "error": value_error(instance, answer.value, discount),
        "bound": answer.error_bound,
        "method": answer.method,
        "choice": answer.choice,
    }


def rounds_for(first_ms: float) -> int:
    """Five rounds for what is quick, one for what takes long."""
    return 5 if first_ms < 100.0 else 3 if first_ms < 1_000.0 else 1


def cell(
    family: str,
    states: int,
    discount: float,
    pythons: dict[str, str],
    limit: float,
    behind: set[str],
    methods: list[str],
) -> dict[str, object]:
    """Every program on one instance."""
    instance = FAMILIES[family](states)
    with tempfile.TemporaryDirectory() as folder:
        instance.save(Path(folder))
        programs = []
        for peer, python in pythons.items():
            for method in PEERS[peer][1]:
                if methods and method not in methods:
                    continue
                if states > LARGEST[peer] or f"{peer} {method}" in behind:
                    continue
                task = {"peer": peer, "method": method, "folder": folder, "discount": discount}
                programs.append(Program(python, task, limit))
        told = asked(Path(folder), discount) if discount == DISCOUNTS[0] else "{}"
    mine = [own(instance, discount)]
    for _ in range(rounds_for(float(str(mine[0]["ms"])))):
        for program in programs:
            program.round()
        mine.append(own(instance, discount))
    for program in programs:
        program.close()
    mine = mine[1:]
    fastest = min((median(p.times) for p in programs if p.times and not p.failed), default=0.0)
    behind |= {p.name for p in programs if p.failed or (p.times and median(p.times) > BEHIND * fastest)}
    return {
        "family": family,
        "states": instance.n_states,
        "discount": discount,
        "ms": median(float(str(m["ms"])) for m in mine),
        "convert": median(float(str(m["convert"])) for m in mine),
        "error": max(float(str(m["error"])) for m in mine),
        "bound": max(float(str(m["bound"])) for m in mine),
        "method": mine[-1]["method"],
        "choice": mine[-1]["choice"],
        "costs": json.loads(told),
        "peers": {
            p.name: {"ms": median(p.times) if p.times else None, "failed": p.failed, "peak_mb": p.peak}
            for p in programs
        },
    }


def best_peer(result: dict[str, object], library: str = "") -> tuple[str, float] | None:
    """The fastest peer method that was certified, of one library or of all."""
    peers = result["peers"]
    assert isinstance(peers, dict)
    good = [(p["ms"], name) for name, p in peers.items() if not p["failed"] and p["ms"] and name.startswith(library)]
    return (min(good)[1], min(good)[0]) if good else None


def row(result: dict[str, object]) -> list[str]:
    """One line of the table."""
    mine = float(str(result["ms"]))

    def ratio(library: str) -> str:
        found = best_peer(result, library)
        return f"{found[1] / mine:.2g}" if found else "-"

    best = best_peer(result)
    return [
        str(result["family"]),
        f"{result['states']:,}",
        str(result["discount"]),
        f"{mine:,.2f}",
        f"{float(str(result['convert'])):,.2f}",
        str(result["method"]).replace("policy iteration", "PI").replace("modified PI", "modified PI"),
        f"{best[0]} {best[1]:,.1f}" if best else "none certified in time",
        ratio(""),
        ratio("quantecon"),
        ratio("mdpsolver"),
        ratio("bettermdptools"),
        f"{float(str(result['error'])):.0e}",
    ]


def cost_row(result: dict[str, object]) -> list[str]:
    """One line of the table of memory and sweeps."""
    costs, peers, best = result["costs"], result["peers"], best_peer(result)
    assert isinstance(costs, dict)
    assert isinstance(peers, dict)
    return [
        str(result["family"]),
        f"{result['states']:,}",
        str(result["discount"]),
        f"{costs['arrays_mb']:,.0f}",
        f"{costs['peak_mb']:,.0f}",
        f"{costs['peak_mb'] / costs['arrays_mb']:.2f}",
        f"{peers[best[0]]['peak_mb']:,.0f}" if best else "-",
        f"{costs['sweep_ms']:,.3g}",
        f"{costs['ns_per_transition']:.2f}",
        f"{costs['read_ms']:,.3g}",
        f"{costs['read_gb_s']:.0f}",
        f"{costs['sweep_ms'] / costs['read_ms']:.1f}",
    ]


COST_HEAD = ["family", "states", "discount", "arrays MB", "peak MB", "peak / arrays", "best peer's peak MB", "sweep ms",
             "ns a transition", "plain read ms", "GB/s", "sweep / read"]  # fmt: skip
HEAD = ["family", "states", "discount", "scoper ms", "+ convert", "method", "best peer ms", "ratio", "quantecon",
        "mdpsolver", "bettermdptools", "error"]  # fmt: skip


def parsed() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", type=int, default=100_000)
    parser.add_argument("--smallest", type=int, default=1_000)
    parser.add_argument("--peers", nargs="*", default=["quantecon", "mdpsolver"], choices=["quantecon", "mdpsolver"])
    parser.add_argument("--family", nargs="*", default=list(FAMILIES), choices=list(FAMILIES))
    parser.add_argument("--seconds", type=float, default=20.0, help="limit of one solve of a peer")
    parser.add_argument("--long", type=float, default=120.0, help="the same from 100,000 states on")
    parser.add_argument("--bettermdptools", default="", help="a Python that has it")
    parser.add_argument("--methods", nargs="*", default=[], help="of the peers; all of them if left out")
    parser.add_argument("--alone", action="store_true", help="without the peers")
    parser.add_argument("--json", default="")
    return parser.parse_args()


def table(head: list[str], rows: list[list[str]]) -> None:
    """Print a Markdown table."""
    for line in (head, ["---"] * len(head), *rows):
        print("| " + " | ".join(line) + " |")


def main() -> None:
    """Measure, print a Markdown table and write the figures."""
    options = parsed()
    pythons = {} if options.alone else dict.fromkeys(options.peers, sys.executable)
    if options.bettermdptools and not options.alone:
        pythons["bettermdptools"] = options.bettermdptools
    for family in FAMILIES:  # compiles or loads every kernel: not counted
        own(FAMILIES[family](2_000), 0.999)
    behind: dict[tuple[str, float], set[str]] = {pair: set() for pair in product(options.family, DISCOUNTS)}
    results = []
    for states in (s for s in SIZES if options.smallest <= s <= options.largest):
        limit = options.seconds if states < SIZES[2] else options.long
        for family, discount in product(options.family, DISCOUNTS):
            results.append(cell(family, states, discount, pythons, limit, behind[family, discount], options.methods))
            print(f"{states:,} {family} {discount}: {results[-1]['ms']:.4g} ms", file=sys.stderr, flush=True)
            if options.json:
                Path(options.json).write_text(json.dumps(results, indent=1), encoding="utf-8")
    results.sort(key=lambda r: (options.family.index(str(r["family"])), r["states"], r["discount"]))
    table(HEAD, [row(r) for r in results])
    print()
    table(COST_HEAD, [cost_row(r) for r in results if r["discount"] == DISCOUNTS[0]])
    ratios = [found[1] / float(str(r["ms"])) for r in results if (found := best_peer(r))]
    if ratios:
        print(f"\n{len(ratios)} cells with a certified peer: ratio {min(ratios):.2g} at worst, "
              f"{float(np.median(ratios)):.2g} in the middle")  # fmt: skip


if __name__ == "__main__":
    main()
