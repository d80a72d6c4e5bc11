"""False alarms of the diagnostics of the observation on worlds in which nothing is hidden and nothing drifts.

Drawn finite MDPs with noise of several sizes, seen whole. `python tests/benchmarks/observation_rates.py [worlds]`
prints every caution, how many worlds had one, and the seconds of CPU that a world takes.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from scoper.diagnostics import (
    Evidence,
    non_markov_observation,
    non_stationary,
    not_sequential,
    observation_at_reset_only,
    time_limit_leak,
)
from tests.diagnostics.stepped import model_of, run

ASKED = (non_markov_observation, non_stationary, not_sequential, observation_at_reset_only, time_limit_leak)


def world(seed: int) -> Evidence:
    """A drawn MDP, stepped at random for 12,000 timesteps."""
    rng = np.random.default_rng(1_000 + seed)
    size, n_actions, length = int(rng.integers(3, 50)), int(rng.integers(2, 5)), int(rng.integers(8, 80))
    law, pay = rng.dirichlet(np.full(size, 0.2), size=(size, n_actions)), rng.normal(size=(size, n_actions))
    noise, ends = float(rng.choice([0.0, 0.5, 3.0])), rng.random(size) * 0.05 * (rng.random() < 0.5)

    def step(h, a, t, episode, draw):
        reward = pay[h[0], a] + noise * draw.normal()
        return (int(draw.choice(size, p=law[h[0], a])),), reward, bool(draw.random() < ends[h[0]])

    steps = run(step, lambda episode, draw: (int(draw.integers(size)),), n=12_000, length=length,
                n_actions=n_actions, seed=seed)  # fmt: skip
    return Evidence(model=model_of(steps, n_actions=n_actions, limit=length))


def main(worlds: int) -> None:
    accused, spent = 0, 0.0
    for seed in range(worlds):
        evidence, began = world(seed), time.process_time()
        found = [f for asked in ASKED for f in asked.inspect(evidence) if f.severity != "info"]
        spent += time.process_time() - began
        accused += bool(found)
        for finding in found:
            print(seed, finding.code, finding.claim)
    print(f"{accused} of {worlds} worlds accused, {spent / worlds:.2f} s of CPU a world")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
