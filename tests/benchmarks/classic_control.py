"""Verdict, seconds by the wall and CPU seconds of `scoper probe` for seven tasks whose outcomes are published.

Run: python tests/benchmarks/classic_control.py [--budget quick|standard|long] [--only NAME ...]. Each probe is the
command in a process of its own, start-up included; CPU seconds are those of all its processes. `ppo` and `optimum` are
what rl-baselines3-zoo's benchmark.md reports of PPO, and exact optima within the time limit, for comparison. Exit code
1 when a probe does not say feasible, with or without conditions.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from typing import Any

TASKS: dict[str, tuple[list[str], str]] = {
    "CartPole-v1": (["CartPole-v1"], "ppo 500"),
    "Pendulum-v1": (["Pendulum-v1"], "ppo -172"),
    "Acrobot-v1": (["Acrobot-v1"], "ppo -73.5"),
    "MountainCar-v0": (["MountainCar-v0"], "ppo -110.4"),
    "MountainCarContinuous-v0": (["MountainCarContinuous-v0"], "ppo 88.3"),
    "FrozenLake-v1 8x8": (["FrozenLake-v1", "--env-arg", "map_name=8x8"], "optimum 0.6407"),
    "Taxi-v4": (["Taxi-v4"], "optimum 7.93"),
}
GOOD = ("feasible", "feasible_with_conditions")


def cpu_s() -> float:
    """CPU seconds of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def probe(arguments: list[str], budget: str) -> tuple[dict[str, Any], float, float]:
    """The result, seconds by the wall, CPU seconds."""
    command = [sys.executable, "-m", "scoper", "probe", *arguments, "--budget", budget, "--trust", "--json"]
    before, began = cpu_s(), time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
    spent = time.monotonic() - began, cpu_s() - before
    if not done.stdout.strip():
        raise SystemExit(f"{' '.join(command)} said nothing: {done.stderr[-500:]}")
    return json.loads(done.stdout), *spent


def main() -> int:
    """Print a line for each task."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--budget", default="standard")
    parser.add_argument("--only", nargs="*", default=None, metavar="NAME", help="names or their beginnings")
    asked = parser.parse_args()
    wanted = [n for n in TASKS if asked.only is None or any(n.startswith(word) for word in asked.only)]
    failed = 0
    print(f"{'task':<26}{'wall s':>8}{'CPU s':>8}  verdict; best learner; published; what it rests on", flush=True)
    for name in wanted:
        arguments, published = TASKS[name]
        result, wall, cpu = probe(arguments, asked.budget)
        learned = result["decision"] or {}
        returns = f"{learned.get('learner', '-')} {learned.get('estimate', float('nan')):.4g}"
        cautions = [found["code"] for found in result["findings"] if found["severity"] != "info"]
        worth = (result["worth"] or {}).get("verdict", "-")
        said = f"{result['verdict']}; {returns}; {published}; worth {worth}; {', '.join(cautions) or 'no caution'}"
        print(f"{name:<26}{wall:8.1f}{cpu:8.1f}  {said}", flush=True)
        failed += result["verdict"] not in GOOD
    return int(failed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
