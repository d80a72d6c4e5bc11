"""Probe the environments of rl-baselines3-zoo's published runs: does the verdict agree with what came out there?

Run: python tests/benchmarks/zoo.py FOLDER [--only WORD] [--budget long]. FOLDER, outside the checkout, is the one that
strangers.py makes; box2d is added to it. Rows: benchmark.md of DLR-RM/rl-baselines3-zoo at 22e3ff2 (one run each, rows
differ by a standard deviation between seeds, so outcomes are compared, not digits): learned where any algorithm's mean
return is above random actions', never shown where ten million timesteps of the published run ended at 0.000. Columns:
outcome, seconds by the wall and of the processor, timesteps that the longest seed took, the fewest of a published run
that learned it; `beyond` is a row not shown to be learned whose seeds took fewer than those.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from strangers import Stranger, looked_at, prepared

LEARNED: Mapping[str, float] = {
    "CartPole-v1": 5e4,
    "Pendulum-v1": 2e4,
    "MountainCarContinuous-v0": 2e4,
    "Acrobot-v1": 1e5,
    "MountainCar-v0": 1e5,
    "LunarLander-v3": 1e5,
    "LunarLanderContinuous-v3": 2e5,
    "BipedalWalker-v3": 5e5,
    "minigrid:MiniGrid-Empty-Random-5x5-v0": 1e5,
    "minigrid:MiniGrid-DoorKey-5x5-v0": 1e5,
    "minigrid:MiniGrid-Unlock-v0": 1e5,
    "minigrid:MiniGrid-KeyCorridorS3R1-v0": 5e5,
    "minigrid:MiniGrid-RedBlueDoors-6x6-v0": 1e6,
    "minigrid:MiniGrid-GoToDoor-5x5-v0": 5e6,
    "minigrid:MiniGrid-PutNear-6x6-N2-v0": 1e7,
    "minigrid:MiniGrid-FourRooms-v0": 5e6,
    "highway_env:parking-v0": 1e5,
    "BipedalWalkerHardcore-v3": 2e6,
}
"""The fewest timesteps of a published run that learned it."""
NEVER = "minigrid:MiniGrid-LockedRoom-v0 minigrid:MiniGrid-MultiRoom-N4-S5-v0 minigrid:MiniGrid-ObstructedMaze-2Dlh-v0"
SHOWN = ("feasible", "feasible_with_conditions")


def main() -> None:
    """Print a row per environment and how many agree; exit code 1 when a published zero is called feasible."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--budget", default="long")
    parser.add_argument("--limit", type=float, default=3600.0)
    parser.add_argument("--doctor", action="store_const", const=False, default=False)
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    python = prepared(folder)
    subprocess.run(
        [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "box2d==2.3.10"], check=True
    )
    agreed = wrong = told = beyond = 0
    for outcome, names in (("learned", list(LEARNED)), ("never", NEVER.split())):
        for identifier in names:
            if arguments.only not in identifier:
                continue
            module, _, name = identifier.rpartition(":")
            row = looked_at(Stranger(module or "gymnasium", name, {"id": identifier}), python, folder, arguments)
            shown = row["words"].split(" ")[0] in SHOWN
            agrees = row["kind"] == "verdict" and shown == (outcome == "learned")
            taken, published = row.get("steps", 0), LEARNED.get(identifier, 0.0)
            short = not agrees and row["kind"] == "verdict" and taken < published
            agreed, told, wrong = agreed + agrees, told + 1, wrong + (shown and outcome == "never")
            beyond += short
            word = "agrees" if agrees else "beyond" if short else "differs"
            head = f"{name:<34}{outcome:<9}{word:<9}{row['seconds']:8.0f}{row['cpu']:8.0f}"
            print(f"{head}{taken:>12,}{published:>12,.0f}  {row['kind']}: {row['words'][:90]}", flush=True)
    print(f"{agreed} of {told} agree; {beyond} took fewer timesteps a seed than any published run that learned them")
    print(f"{wrong} published zeros were called feasible")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
