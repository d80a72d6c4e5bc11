"""A sweep of 20 cells on one process, on two, and on a Ray cluster of two nodes: the same bytes, and how long.

Run: python tests/benchmarks/sweep.py [--steps N] [--rounds N] [--no-ray]. Two specs by three learners by three seeds
and two cells of bounds. Ray needs the extra 'ray'; its cluster (two nodes of one CPU each on this machine) is started
before the clock, and starting it is a column of its own. Wall seconds, medians of interleaved rounds; exit code 1 when
the files of any two engines differ, or when Ray left a node idle. After that one worker of a sweep is killed: how many
cells it cost, and how many the same command then measured.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))
os.environ["OMP_NUM_THREADS"] = "1"

from scoper.domain.probe import ProbePlan  # noqa: E402 - a script beside the package
from scoper.domain.sweep import SweepTable  # noqa: E402
from scoper.probe.processes import MARKER  # noqa: E402
from scoper.services.probing import make_plan  # noqa: E402
from scoper.services.sweep_engines import Engine, over_processes  # noqa: E402
from scoper.services.sweep_ray import over_ray  # noqa: E402
from scoper.services.sweeping import Progress, Wishes, sweep  # noqa: E402
from tests.line_world import LINE  # noqa: E402

WISHES = Wishes(("q_learning", "sarsa", "reinforce"), (0, 1, 2))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a sweep by its name within the folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def timed(plans: list[ProbePlan], folder: Path, engine: Engine) -> tuple[float, SweepTable, set[str]]:
    """Wall seconds, the table, and where cells were measured."""
    places: set[str] = set()
    begun = time.monotonic()
    table = sweep(plans, WISHES, folder, engine, lambda progress: places.add(progress.where))
    return time.monotonic() - begun, table, places


def cluster_of_two() -> tuple[float, Any]:
    """Seconds to start, and the cluster."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    from ray.cluster_utils import Cluster

    begun = time.monotonic()
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    cluster.add_node(num_cpus=1)
    cluster.wait_for_nodes()
    return time.monotonic() - begun, cluster


def a_worker() -> int | None:
    """A child of this process that measures a cell."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid() and MARKER.encode() in (entry / "environ").read_bytes():
                return int(entry.name)
        except (OSError, ValueError, IndexError):
            continue
    return None


def killed(plans: list[ProbePlan], folder: Path) -> tuple[int, int]:
    """How many cells a killed worker cost, and how many the same sweep then measured."""
    victim: list[int] = []

    def kill(progress: Progress) -> None:
        if progress.number > 4 and not victim and (worker := a_worker()) is not None:
            victim.append(worker)
            os.kill(worker, signal.SIGKILL)

    lost = sweep(plans, WISHES, folder, over_processes(2), kill).failed
    measured: list[Progress] = []
    sweep(plans, WISHES, folder, over_processes(2), lambda p: None if p.kept else measured.append(p))
    return lost, len(measured)


def main() -> int:
    """Print the table; 1 when files differ or a node was idle."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-ray", action="store_true")
    wishes = parser.parse_args()
    plans = [
        make_plan(LINE.format(length=n), f"line{n}.yaml", ".", budget="quick", learning_steps=wishes.steps)
        for n in (8, 14)
    ]
    engines: dict[str, Callable[[], Engine]] = {
        "1 process": lambda: over_processes(1),
        "2 processes": lambda: over_processes(2),
    }
    start_s, cluster = 0.0, None
    if not wishes.no_ray and find_spec("ray"):
        start_s, cluster = cluster_of_two()
        engines["Ray, 2 nodes"] = lambda: over_ray(cluster.address, None)
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    nodes: dict[str, int] = {}
    reference: dict[str, bytes] = {}
    same: dict[str, bool] = dict.fromkeys(engines, True)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(wishes.rounds):
            for name, engine in engines.items():
                place = Path(folder) / f"{number}-{name}"
                took, table, places = timed(plans, place, engine())
                seconds[name].append(took)
                nodes[name] = len(places)
                reference = reference or contents(place)
                same[name] = same[name] and contents(place) == reference and table.failed == 0
        lost, again = killed(plans, Path(folder) / "killed")
        resumed = contents(Path(folder) / "killed") == reference
    if cluster is not None:
        cluster.shutdown()
    size = f"{len(reference) - 2} cells, {wishes.steps:,} timesteps a seed"
    print(f"{size}, {wishes.rounds} rounds, load {os.getloadavg()[0]:.1f}")
    print("| engine | start, s | sweep, s | same bytes | nodes |\n| --- | --- | --- | --- | --- |")
    for name in engines:
        start = f"{start_s:.1f}" if name.startswith("Ray") else "0"
        print(f"| {name} | {start} | {median(seconds[name]):.1f} | {'yes' if same[name] else 'NO'} | {nodes[name]} |")
    print(f"a killed worker cost {lost} cell; the same command measured {again}; then the same bytes: {resumed}")
    idle = "Ray, 2 nodes" in nodes and nodes["Ray, 2 nodes"] < 2
    return int(not all(same.values()) or idle or (lost, again, resumed) != (1, 1, True))


if __name__ == "__main__":
    sys.exit(main())
