"""What a solution costs in memory, and a sweep in time beside the machine's own speed of reading; see `solvers.py`.

Run: python tests/benchmarks/costs.py FAMILY STATES DISCOUNT, or by solvers.py with a task {folder, discount} on stdin.
Memory: the most this process held, less what it held before it loaded the arrays, beside the bytes of the arrays; the
checked arrays hold a reward and a byte per transition more than what the other libraries are given. A sweep is one
backup of every pair with nothing left out. It cannot be faster than reading its arrays once from one end to the other,
which is timed right beside it on an array of as many bytes.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]
from families import FAMILIES, Instance  # noqa: E402 - a script beside it
from peers import GOAL, resident  # noqa: E402

from scoper.numerics.compact import compact_of  # noqa: E402
from scoper.numerics.plain import Aim  # noqa: E402
from scoper.numerics.portfolio import run  # noqa: E402
from scoper.numerics.workspace import Workspace  # noqa: E402

ENOUGH_S = 0.2
"""Every figure is the median of repeats that take about so long."""


def timed(action: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    """Milliseconds of CPU time of `action`, `before` each time not counted; short ones are repeated."""
    before()
    action()
    times: list[float] = []
    while len(times) < 3 or (sum(times) < 1e3 * ENOUGH_S and len(times) < 500):
        before()
        begun = time.process_time_ns()
        action()
        times.append((time.process_time_ns() - begun) / 1e6)
    return median(times)


def costs(instance: Instance, discount: float, before: float) -> dict[str, float]:
    """Solve, then sweep, then read. `before`: megabytes held before the instance was loaded."""
    mdp = instance.mdp(discount)
    arrays = (mdp.offsets, mdp.successor, mdp.probability, mdp.reward, mdp.terminates, mdp.available, mdp.initial)
    held = sum(array.nbytes for array in arrays) / 1e6
    compact = compact_of(mdp)
    run(compact, discount, Aim(0.0, GOAL))
    peak = resident() - before
    del mdp, arrays

    space = Workspace(compact, discount, Aim(0.0, GOAL))
    space.follow()
    value = np.random.default_rng(1).random(compact.n_states)
    kept = (compact.first, compact.offsets, compact.successor, compact.weight, compact.reward)

    def look_at_all() -> None:
        space.follow()
        space.upper.fill(np.inf)
        space.rival.fill(np.inf)

    sweep = timed(lambda: space.improve(value), look_at_all)
    size = sum(array.nbytes for array in kept) + 8 * compact.n_pairs + 40 * compact.n_states
    plain = np.ones(size // 8)
    read = timed(lambda: plain @ plain)
    return {
        "arrays_mb": held,
        "peak_mb": peak,
        "transitions": float(compact.n_entries),
        "sweep_ms": sweep,
        "ns_per_transition": 1e6 * sweep / compact.n_entries,
        "sweep_mb": size / 1e6,
        "read_ms": read,
        "read_gb_s": size / 1e6 / read,
    }


def main() -> None:
    """One instance; print the figures as JSON."""
    run(compact_of(FAMILIES["forest"](2_000).mdp(0.99)), 0.99, Aim(0.0, GOAL))  # loads kernels
    if len(sys.argv) == 4:
        with tempfile.TemporaryDirectory() as folder:
            FAMILIES[sys.argv[1]](int(sys.argv[2])).save(Path(folder))
            print(asked(Path(folder), float(sys.argv[3])))
        return
    task = json.loads(sys.stdin.readline())
    before = resident()
    print(json.dumps(costs(Instance.load(Path(task["folder"])), task["discount"], before)))


def asked(folder: Path, discount: float, python: str = sys.executable) -> str:
    """The figures of a saved instance, measured in a process of its own."""
    import subprocess

    task = json.dumps({"folder": str(folder), "discount": discount})
    return subprocess.run([python, __file__], input=task, text=True, check=True, capture_output=True).stdout.strip()


if __name__ == "__main__":
    main()
