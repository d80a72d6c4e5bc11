"""How often actions without effect and rules that stay are accused, and how small an effect is found.

    python tests/benchmarks/effect_rates.py [--samples 40]

Prints shares of samples in which something was found, for idle and effective actions and for rules that stay, jump or
drift; observations that repeat (cells) and that do not (numbers), with a policy that changes half-way.
"""

from __future__ import annotations

import argparse

import numpy as np

from scoper.domain.empirical import Steps
from scoper.numerics.action_effect import action_effects
from scoper.numerics.stationarity import stationarity


def played(rng, n, *, cells, push=0.0, pay=0.0, jump=0.0, drift=0.0, learns=True, length=25):
    """A walk on eight places or a line; push and pay are what the action does, jump and drift what time does."""
    episode, timestep = np.arange(n) // length, np.arange(n) % length
    late = episode / max(1, int(episode.max()))
    second = late >= 0.5
    action = (rng.random(n) < (np.where(second, 0.8, 0.2) if learns else 0.5)).astype(int)
    before, after, x = np.zeros(n), np.zeros(n), 0.0
    for k in range(n):
        if timestep[k] == 0:
            x = float(rng.integers(8)) if cells else rng.normal()
        before[k] = x
        if cells:
            moved = rng.random() < 0.5 + 0.5 * push * (2 * action[k] - 1)
            x = (x + (1 if moved else -1)) % 8
        else:
            x = np.sin(2 * x) + push * (action[k] - 0.5) + rng.normal() * (0.2 + 0.2 * abs(x))
        after[k] = x
    reward = np.cos(before) + pay * action + rng.standard_t(4, size=n) + jump * second + drift * late
    phase = tuple("late" if s and learns else "early" for s in second[::length])
    none = np.zeros(n, dtype=bool)
    return Steps(before[:, None], after[:, None], action, reward, np.zeros(n), none, timestep == length - 1,
                 timestep, episode, tuple(range(len(phase))), phase)  # fmt: skip


def share(found) -> str:
    return f"{np.mean(list(found)):6.1%}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--samples", type=int, default=40)
    samples = parser.parse_args().samples
    for cells in (True, False):
        print("cells" if cells else "numbers")
        for n in (500, 3_000):
            for kwargs in ({}, {"push": 0.1}, {"push": 0.3}, {"pay": 0.1}, {"pay": 0.3}):
                found = share(
                    action_effects(played(rng, n, cells=cells, **kwargs), rng).any
                    for rng in map(np.random.default_rng, range(samples))
                )
                print(f"  {n:6,} steps, actions {kwargs or 'idle'!s:15}: an effect found in {found}", flush=True)
            for kwargs in ({}, {"push": 0.3}, {"learns": False}, {"jump": 0.5}, {"jump": 1.0}, {"drift": 1.0}):
                kwargs = {"learns": not ({"jump", "drift"} & set(kwargs)), **kwargs}
                one_policy = [played(np.random.default_rng(s), n, cells=cells, **kwargs) for s in range(samples)]
                told = share(
                    not stationarity(steps, np.random.default_rng(s)).is_stationary
                    for s, steps in enumerate(one_policy)
                )
                print(f"  {n:6,} steps, rules {kwargs!s:32}: a drift found in {told}", flush=True)


if __name__ == "__main__":
    main()
