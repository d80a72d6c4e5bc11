"""Print what 200,000 made-up expressions and specs do to scoper: nothing but a value or a list of problems.

Run: python tests/benchmarks/fuzz_specs.py [--count 200000] [--seed S]. Three expressions in four inputs, the rest whole
specs; both grown from the grammar and mutated from good ones, with what attackers try sown in; before them, specs as
large as the reader takes. Every accepted expression is evaluated, every accepted spec that is small becomes arrays. An
audit hook counts whatever imports, executes, opens, writes, or starts a process or a connection meanwhile, and a canary
file tells whether code ran.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import numpy.ma  # numpy itself imports it late

from scoper.domain.mdp import MdpSpec, Table
from scoper.errors import InputError, Problem
from scoper.modelling.arrays import compile_spec, has_arrays
from scoper.modelling.expressions import Expression, ExpressionError, Fault, parse_expression
from scoper.modelling.grid import size_of
from scoper.services.specs import parse_spec, spec_digest

sys.path.insert(0, str(Path(__file__).parent))
from fuzz_seeds import EXPRESSIONS
from fuzz_texts import Grown, heavy, mutated, sown, spec_text

NAMES = ("stock", "order", "demand", "next_stock", "mode")
WORDS = {"idle": 0.0, "busy": 1.0}
TABLES = {
    "cost": Table(keys=((0, 1, 2, 3),), values=(1.0, 2.0, 4.0, 8.0)),
    "price": Table(keys=(("idle", "busy"),), values=(3.0, 5.0)),
    "way": Table(keys=((0, 1), ("idle", "busy")), values=(1.0, 2.0, 3.0, 4.0)),
    "rate": Table(values=(2.5,)),
}
POINTS: dict[str, Any] = {name: np.arange(-2.0, 8.0) for name in NAMES}
MOST_COMBINATIONS = 20_000
LONG = 10_000
"""From this count on the largest specs are tried too."""
FORBIDDEN = ("import", "exec", "os.", "subprocess.", "socket.", "shutil.", "ctypes.", "pty.", "webbrowser.", "marshal.")


@dataclass
class Tally:
    """What happened so far."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    executed: Counter[str] = field(default_factory=Counter)
    worst_s: float = 0.0
    slowest: str = ""
    base_kb: int = 0
    peak_kb: int = 0
    hungriest: str = ""


def try_expression(text: str) -> str:
    """Parse and evaluate one expression; raises nothing but what is a fault of scoper."""
    expression, faults = _parsed(text)
    if expression is None:
        assert faults
        assert all(fault.message and fault.message.isprintable() and fault.column >= 1 for fault in faults)
        return "expression refused"
    value = expression.evaluate(POINTS)
    assert value.dtype == np.float64
    expression.explain(dict.fromkeys(NAMES, 3.0))
    return "expression accepted"


def _parsed(text: str) -> tuple[Expression | None, tuple[Fault, ...]]:
    try:
        return parse_expression(text, NAMES, WORDS, TABLES), ()
    except ExpressionError as error:
        return None, error.faults


def try_spec(text: str, folder: Path) -> str:
    """Read one spec and, where it is small, make arrays of it."""
    spec_digest(text, folder)
    what, problems = _read(text, folder)
    assert bool(problems) == what.endswith("refused")
    assert all(p.message and (p.source or not p.line) and p.sentence().isprintable() for p in problems)
    return what


def _read(text: str, folder: Path) -> tuple[str, tuple[Problem, ...]]:
    try:
        spec = parse_spec(text, "mdp.yaml", folder)
    except InputError as error:
        return "spec refused", error.problems
    if not isinstance(spec, MdpSpec) or not has_arrays(spec) or not _is_small(spec):
        return "spec accepted", ()
    try:
        compile_spec(spec)
    except InputError as error:
        return "spec accepted, arrays refused", error.problems
    return "spec accepted and made arrays", ()


def _is_small(spec: MdpSpec) -> bool:
    from scoper.modelling.distributions import most_values

    sizes = [size_of(variable) for variable in (*spec.state.values(), *spec.actions.values())]
    return prod(sizes) * prod(int(most_values(law)) + 1 for law in spec.exogenous.values()) <= MOST_COMBINATIONS


def fuzz(count: int, seed: int) -> Tally:
    """`count` inputs, one after the other."""
    source, tally = random.Random(seed), Tally()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "demand.csv").write_text("day,units\n1,3\n2,4\n3,4\n", encoding="utf-8")
        canary = folder.parent / "fuzz-canary"
        canary.unlink(missing_ok=True)
        grown = Grown(source)
        for _ in range(300):  # everything that is imported late has been imported after this
            _one(source, grown, folder, Tally())
        watch(tally, folder)
        tally.base_kb = tally.peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for text in heavy().values() if count >= LONG else ():
            _tried(text, lambda text=text: try_spec(text, folder), tally)  # type: ignore[misc]
        for _ in range(count):
            _one(source, grown, folder, tally)
        WATCHING.clear()
        tally.executed["canary"] += canary.exists()
        tally.executed["files"] += len(list(folder.iterdir())) - 1
    return tally


def _one(source: random.Random, grown: Grown, folder: Path, tally: Tally) -> None:
    if source.random() < 0.75:
        text = source.choice(
            (grown.expression, lambda: mutated(source, source.choice(EXPRESSIONS)), lambda: sown(source))
        )()
        _tried(text, lambda: try_expression(text), tally)
    else:
        text = spec_text(source, grown)
        _tried(text, lambda: try_spec(text, folder), tally)


def _tried(text: str, run: Callable[[], str], tally: Tally) -> None:
    began = time.process_time()
    try:
        tally.counts[run()] += 1
    except BaseException:
        watching, WATCHING[:] = list(WATCHING), []  # a traceback reads source files
        tally.failures.append(f"{text[:2000]}\n{traceback.format_exc()}")
        WATCHING[:] = watching
    spent = time.process_time() - began
    if spent > tally.worst_s:
        tally.worst_s, tally.slowest = spent, text
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if peak > tally.peak_kb + 1024:
        tally.hungriest = text
    tally.peak_kb = max(peak, tally.peak_kb)


WATCHING: list[tuple[Tally, str]] = []


def watch(tally: Tally, folder: Path) -> None:
    """Count forbidden events from now on, until `WATCHING` is cleared."""
    if not WATCHING:
        sys.addaudithook(_hook)
    WATCHING.append((tally, str(folder.resolve())))


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not WATCHING:
        return
    tally, folder = WATCHING[0]
    if event == "open" and not str(arguments[0]).startswith(folder):
        tally.executed[f"open {arguments[0]}"] += 1
    elif event.startswith(FORBIDDEN) and event not in ("os.listdir", "os.scandir"):
        tally.executed[f"{event} {str(arguments)[:80]}"] += 1


def report(tally: Tally) -> None:
    """The figures, one a line, and the worst inputs."""
    for what, count in sorted(tally.counts.items()):
        print(f"{what:32} {count:>9,}")
    print(f"tracebacks                       {len(tally.failures):>9,}")
    print(f"executed                         {tally.executed.total():>9,}")
    print(f"worst CPU time                   {tally.worst_s:>9.3f} s   (allowed: 1 s)")
    growth = (tally.peak_kb - tally.base_kb) / 1024
    print(f"peak memory                      {tally.peak_kb / 1024:>9.1f} MB, {growth:.1f} MB above the start (200 MB)")
    for text in tally.failures[:5]:
        print("\n--- traceback\n" + text)
    for event, count in tally.executed.items():
        if count:
            print(f"executed: {count} x {event}")


def main() -> int:
    """0 when nothing went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--worst", action="store_true", help="print the slowest and the hungriest input")
    wishes = parser.parse_args()
    tally = fuzz(wishes.count, wishes.seed)
    report(tally)
    if wishes.worst:
        print(f"\n--- slowest\n{tally.slowest[-500:]}\n--- hungriest\n{tally.hungriest[-500:]}")
    good = not tally.failures and not tally.executed.total() and tally.worst_s < 1.0
    return 0 if good and tally.peak_kb - tally.base_kb < 200 * 1024 else 1


if __name__ == "__main__":
    sys.exit(main())
