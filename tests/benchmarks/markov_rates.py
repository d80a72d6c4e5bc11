"""How often observations are called insufficient: systems that are fully observed, and systems that hide something.

    python tests/benchmarks/markov_rates.py [--seeds 20] [--steps 4000]

Prints, per system, the share of seeds in which something was found, what was found most, and the frames said to be
enough. Of the fully observed systems hardly any may be flagged; of the others nearly all, by the right name.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable

import numpy as np

from scoper.domain.empirical import Steps
from scoper.numerics.markov_order import markov_order


def steps_of(rows, episodes):
    before, after, action, reward, ended, cut, t = (np.array(column) for column in zip(*rows, strict=True))
    flat = [np.asarray(x, dtype=float).reshape(len(rows), -1) for x in (before, after)]
    return Steps(*flat, action.astype(int), reward.astype(float), np.zeros(len(rows)), ended.astype(bool),
                 cut.astype(bool), t.astype(int), np.array(episodes), (), ())  # fmt: skip


def run(reset, step, n, rng, n_actions, length=100):
    """Random actions; `reset(rng)` gives hidden, `step(hidden, action, t, rng)` the next; hidden[0] is what is seen."""
    rows, episodes, number = [], [], -1
    while len(rows) < n:
        hidden, number = reset(rng), number + 1
        for t in range(length):
            action = int(rng.integers(n_actions))
            after, reward, ended = step(hidden, action, t, rng)
            rows.append((hidden[0], after[0], action, reward, ended, t == length - 1 and not ended, t))
            episodes.append(number)
            hidden = after
            if ended or len(rows) >= n:
                break
    return steps_of(rows, episodes)


def finite(deterministic):
    def build(rng):
        size, actions = 12, 3
        law = rng.dirichlet(np.full(size, 0.3), size=(size, actions))
        if deterministic:
            law = np.eye(size)[rng.integers(size, size=(size, actions))]
        pay = rng.normal(size=(size, actions))

        def step(h, a, t, rng):
            s = int(rng.choice(size, p=law[h[0], a]))
            return (s,), pay[h[0], a], rng.random() < 0.02

        return lambda rng: (int(rng.integers(size)),), step, actions

    return build


def grid(rng):
    moves = [(1, 0), (-1, 0), (0, 1), (0, -1)]

    def step(h, a, t, rng):
        at = tuple(int(np.clip(x + d, 0, 6)) for x, d in zip(h[0], moves[a], strict=True))
        return (at,), 1.0 if at == (6, 6) else -0.01, at == (6, 6)

    return lambda rng: ((0, 0),), step, 4


def inventory(lead):
    """Orders arrive after `lead` further timesteps, which the observation does not show."""

    def build(rng):
        def step(h, a, t, rng):
            stock, pipe = h[0], (*h[1], a * 3)
            demand, here = rng.poisson(3.0), stock + pipe[0]
            return (max(0, here - demand), pipe[1:]), 2.0 * min(here, demand) - 0.5 * here, False

        return lambda rng: (5, (0,) * lead), step, 3

    return build


def walk(rng):
    def step(h, a, t, rng):
        x = h[0] + (a - 1) * 0.3 + rng.normal() * 0.2
        return (x,), -abs(x), abs(x) > 2.0

    return lambda rng: (0.0,), step, 3


def clipped(rng):
    def step(h, a, t, rng):
        x = float(np.clip(h[0] + (a - 1) * 0.4 + rng.normal() * 0.3, -1.0, 1.0))
        return (x,), float(x > 0.5), False

    return lambda rng: (0.0,), step, 3


def wrapped(rng):
    def step(h, a, t, rng):
        x = (h[0][0] + (a - 1) * 0.11 + rng.normal() * 0.02) % 1.0
        y = (h[0][1] + x * 0.3) % 1.0
        return ((x, y),), float(0.4 < y < 0.6), False

    return lambda rng: (tuple(rng.random(2)),), step, 3


def chaotic(rng):
    def step(h, a, t, rng):
        r = (3.7, 3.9)[a]
        return (r * h[0] * (1.0 - h[0]),), float(h[0] > 0.7), False

    return lambda rng: (rng.uniform(0.2, 0.8),), step, 2


def uneven(rng):
    def step(h, a, t, rng):
        x = 0.8 * h[0] + (a - 1) * 0.5 + rng.normal() * (0.05 + abs(h[0]))
        return (float(np.clip(x, -5, 5)),), x * x * rng.standard_t(3), False

    return lambda rng: (0.0,), step, 3


def spring(seen):
    def build(rng):
        def show(x, v):
            return (x, v) if seen else (x,)

        def step(h, a, t, rng):
            x, v = h[1], h[2]
            v = 0.95 * v - 0.2 * x + (a - 1) * 0.15 + rng.normal() * 0.02
            x = x + 0.3 * v
            return (show(x, v), x, v), -x * x, False

        return lambda rng: (lambda x, v: (show(x, v), x, v))(*rng.normal(size=2)), step, 3

    return build


def swing(seen):
    """A pendulum with unit mass and length; sine and cosine are always seen."""

    def build(rng):
        def show(th, v):
            return (np.cos(th), np.sin(th), v) if seen else (np.cos(th), np.sin(th))

        def step(h, a, t, rng):
            th, v = h[1], h[2]
            v = float(np.clip(v + (15.0 * np.sin(th) + 3.0 * (a - 1) * 2.0) * 0.05, -8, 8))
            th = th + v * 0.05
            return (show(th, v), th, v), -((np.angle(np.exp(1j * th))) ** 2) - 0.1 * v * v, False

        return lambda rng: (lambda th, v: (show(th, v), th, v))(rng.uniform(-3, 3), rng.uniform(-1, 1)), step, 3

    return build


def hour(period, seen):
    """The price follows the hour of the day, which is a season of the timestep."""

    def build(rng):
        def show(x, t):
            return (x, np.sin(2 * np.pi * t / period), np.cos(2 * np.pi * t / period)) if seen else (x,)

        def step(h, a, t, rng):
            x = float(np.clip(h[1] + (a - 1), 0, 5))
            price = 1.0 + np.sin(2 * np.pi * t / period)
            return (show(x, t + 1), x), (a - 1) * -price + 0.1 * rng.normal(), False

        return lambda rng: (show(2.0, 0), 2.0), step, 3

    return build


def cue(seen):
    """A cue is shown at the start; only at the end the action has to be the one it named."""

    def build(rng):
        def step(h, a, t, rng):
            c = h[1]
            there = t == 6
            paid = (1.0 if a == c else -1.0) if there else 0.0
            return ((c if seen else -1, t + 1), c), paid, there

        def reset(rng):
            c = int(rng.integers(2))
            return ((c, 0), c)

        return reset, step, 2

    return build


def delayed(rng):
    def step(h, a, t, rng):
        x = float(np.clip(h[0] + (h[1] - 1) * 0.3 + rng.normal() * 0.1, -3, 3))
        return (x, a), -abs(x), False

    return lambda rng: (0.0, 1), step, 3


def cut_off(seen):
    """Episodes are ended, not cut, at a fixed timestep."""

    def build(rng):
        def step(h, a, t, rng):
            x = 0.9 * h[1] + (a - 1) * 0.3 + rng.normal() * 0.1
            return ((x, t + 1) if seen else (x,), x), x, t == 19

        return lambda rng: ((0.0, 0) if seen else (0.0,), 0.0), step, 3

    return build


def gym(env_id, hide=()):
    def build(rng):
        import gymnasium

        env = gymnasium.make(env_id)

        def seen(observation):
            row = np.asarray(observation, dtype=float).ravel()
            return tuple(np.delete(row, hide))

        def reset(rng):
            observation, _ = env.reset(seed=int(rng.integers(2**31)))
            return (seen(observation),)

        def step(h, a, t, rng):
            action = a if hasattr(env.action_space, "n") else np.array([a - 1.0]) * float(env.action_space.high[0])
            observation, reward, ended, _, _ = env.step(action)
            return (seen(observation),), float(reward), ended

        return reset, step, int(env.action_space.n) if hasattr(env.action_space, "n") else 3

    return build


FULL = {
    "finite stochastic": finite(False),
    "finite deterministic": finite(True),
    "grid": grid,
    "inventory, no lead time": inventory(0),
    "random walk with ends": walk,
    "clipped walk": clipped,
    "wrapped torus": wrapped,
    "chaotic map": chaotic,
    "uneven, heavy-tailed noise": uneven,
    "spring": spring(True),
    "pendulum": swing(True),
    "hour shown": hour(24, True),
    "cue shown throughout": cue(True),
    "end shown": cut_off(True),
    "CartPole-v1": gym("CartPole-v1"),
    "MountainCar-v0": gym("MountainCar-v0"),
    "Acrobot-v1": gym("Acrobot-v1"),
    "Pendulum-v1": gym("Pendulum-v1"),
    "FrozenLake-v1": gym("FrozenLake-v1"),
    "Taxi-v4": gym("Taxi-v4"),
    "CliffWalking-v1": gym("CliffWalking-v1"),
}
HIDDEN = {
    "spring without velocity": spring(False),
    "pendulum without velocity": swing(False),
    "inventory, lead time 1": inventory(1),
    "inventory, lead time 3": inventory(3),
    "hour of 24 hidden": hour(24, False),
    "phase of 3 hidden": hour(3, False),
    "cue at the start only": cue(False),
    "action acts a step later": delayed,
    "ended by a hidden clock": cut_off(False),
    "CartPole without velocities": gym("CartPole-v1", (1, 3)),
    "MountainCar without velocity": gym("MountainCar-v0", (1,)),
    "Pendulum without velocity": gym("Pendulum-v1", (2,)),
}


def rate(build: Callable, seeds: int, n: int) -> tuple[float, str, str]:
    flagged, clues, frames = 0, Counter(), Counter()
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        found = markov_order(run(*build(rng)[:2], n, rng, build(rng)[2]), np.random.default_rng(1000 + seed))
        flagged += not found.is_markov
        for d in found.found:
            clues[f"{d.outcome} <- {d.kind} {d.name} {d.lag} ({d.gain:.2f}, {d.share:.2f})"[:100]] += 1
        frames[found.frames] += 1
    top = "; ".join(f"{name} x{count}" for name, count in clues.most_common(2))
    return flagged / seeds, top, str(dict(frames))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--steps", type=int, default=4_000)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    for title, systems in (("fully observed", FULL), ("something hidden", HIDDEN)):
        print(title)
        for name, build in systems.items():
            if given.only in name:
                share, clues, frames = rate(build, given.seeds, given.steps)
                print(f"  {name:30s} flagged {share:6.1%}  frames {frames}  {clues}", flush=True)


if __name__ == "__main__":
    main()
