"""Timesteps per CPU-second of tabular Q-learning: compiled arrays against loops over the Gymnasium environment.

Run: python tests/benchmarks/tabular_learning.py [--rounds N] [--peers PYTHON]. All contestants learn the same
environments in turn, so that a busy machine slows all of them; CPU time, medians over the rounds. PYTHON is an
interpreter that has bettermdptools and gym-classics2 (they force an older numpy); without it they are left out.
Compilation is left out and stated. The second table is how many timesteps the true value of the greedy policy needs to
stay within 1 % of the exact optimum (discounted, no time limit), on each of 16 seeds.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import time
import warnings
from typing import Any

import gymnasium
import numpy as np

ENVIRONMENTS: dict[str, tuple[str, dict[str, Any], int]] = {
    "FrozenLake 8x8": ("FrozenLake-v1", {"map_name": "8x8"}, 200),
    "Taxi": ("Taxi-v4", {}, 200),
    "CliffWalking": ("CliffWalking-v1", {}, 200),
}
PEERS = ("bettermdptools", "gym_classics2")
SEEDS, EPSILON, ALPHA, DISCOUNT = 16, 0.1, 0.1, 0.99
COMPILED_STEPS, LOOP_STEPS, LOCKSTEP_STEPS = 500_000, 40_000, 2_000
EVALUATIONS = 200


def made(name: str) -> Any:
    """The environment with its usual wrappers."""
    env_id, kwargs, limit = ENVIRONMENTS[name]
    try:
        return gymnasium.make(env_id, max_episode_steps=limit, **kwargs)
    except gymnasium.error.Error:  # other versions of the library, other numbers
        base = env_id.rpartition("-")[0]
        newest = max(key for key in gymnasium.registry if key.startswith(f"{base}-v"))
        return gymnasium.make(newest, max_episode_steps=limit, **kwargs)


def plain_loop(name: str) -> float:
    """Timesteps per CPU-second of the loop that everybody writes first, as in the tutorials of Gymnasium."""
    env, rng = made(name), np.random.default_rng(0)
    q = np.zeros((int(env.observation_space.n), int(env.action_space.n)))
    env.action_space.seed(0)
    state, _ = env.reset(seed=0)
    started = time.process_time()
    for _ in range(LOOP_STEPS):
        action = env.action_space.sample() if rng.random() < EPSILON else int(np.argmax(q[state]))
        after, reward, terminated, truncated, _ = env.step(action)
        future = (not terminated) * np.max(q[after])
        q[state, action] = q[state, action] + ALPHA * (reward + DISCOUNT * future - q[state, action])
        state = env.reset()[0] if terminated or truncated else after
    return LOOP_STEPS / (time.process_time() - started)


def tuned_loop(name: str) -> float:
    """The same law on lists of floats and Python's own random numbers."""
    env, rng = made(name), random.Random(0)
    n_actions = int(env.action_space.n)
    q = [[0.0] * n_actions for _ in range(int(env.observation_space.n))]
    state, _ = env.reset(seed=0)
    started = time.process_time()
    for _ in range(LOOP_STEPS):
        row = q[state]
        action = int(rng.random() * n_actions) if rng.random() < EPSILON else row.index(max(row))
        after, reward, terminated, truncated, _ = env.step(action)
        future = 0.0 if terminated else max(q[after])
        row[action] += ALPHA * (reward + DISCOUNT * future - row[action])
        state = env.reset()[0] if terminated or truncated else after
    return LOOP_STEPS / (time.process_time() - started)


class Counting(gymnasium.Wrapper):
    """Counts steps; costs a tenth of a microsecond each."""

    n = 0

    def step(self, action: Any) -> Any:
        self.n += 1
        return self.env.step(action)


def peer_speed(peer: str, name: str) -> float:
    """Timesteps per CPU-second of a library's own Q-learning, as many episodes as come near LOOP_STEPS."""
    warnings.simplefilter("ignore")
    env, episodes = Counting(made(name)), 50
    while True:
        env.n, started = 0, time.process_time()
        if peer == "bettermdptools":
            from bettermdptools.algorithms.rl import RL

            RL(env).q_learning(
                gamma=DISCOUNT,
                init_alpha=ALPHA,
                min_alpha=ALPHA,
                init_epsilon=EPSILON,
                min_epsilon=EPSILON,
                n_episodes=episodes,
                seed=0,
            )
        else:
            from gym_classics2.algorithms.temporal_difference_learning import Q_learning

            env.reset(seed=0)
            Q_learning(env, DISCOUNT, ALPHA, EPSILON, n=episodes, rng=0)
        spent = time.process_time() - started
        if env.n >= LOOP_STEPS // 2:
            return env.n / spent
        episodes = int(episodes * min(8.0, 1.2 * LOOP_STEPS / env.n))


def asked(peer: str, name: str, python: str) -> float | None:
    """The same in another interpreter; None when the library is not there."""
    run = subprocess.run(
        [python, __file__, "--peer", peer, name], capture_output=True, text=True, check=False, timeout=600
    )
    return float(run.stdout.split()[-1]) if run.returncode == 0 else None


def compiled_speed(mdp: Any, limit: int, engine: str, *, standard: bool = False, threads: int = 1) -> float:
    """Timesteps per CPU-second, 16 seeds at once, the only evaluation of each included."""
    from scoper.numerics.learning.learn import learn
    from scoper.numerics.learning.plan import EpsilonGreedy, LearningPlan, StepSize, constant
    from scoper.numerics.learning.standard import standard_plan

    steps = LOCKSTEP_STEPS if engine == "numpy" else COMPILED_STEPS
    plan = LearningPlan(
        "q_learning", steps, DISCOUNT, limit, EpsilonGreedy(constant(EPSILON)), StepSize(ALPHA), n_evaluations=1
    )
    if standard:
        plan = standard_plan("q_learning", discount=DISCOUNT, horizon=limit, steps=steps, n_evaluations=1)
    started = time.process_time()
    learn(mdp, plan, range(SEEDS), horizon=limit, engine=engine, threads=threads)  # type: ignore[arg-type]
    return SEEDS * steps / (time.process_time() - started)


def to_target(mdp: Any, limit: int) -> tuple[list[int], int]:
    """Per seed, the timesteps after which the curve stays within 1 % of the optimum; and how many seeds got there."""
    from scoper.numerics.learning.learn import learn
    from scoper.numerics.learning.standard import standard_plan, suggested_steps
    from scoper.numerics.solve import policy_iteration, start_value

    optimum = start_value(mdp, policy_iteration(mdp, discount=DISCOUNT).optimum())
    plan = standard_plan(
        "q_learning", discount=DISCOUNT, horizon=limit, steps=suggested_steps(mdp), n_evaluations=EVALUATIONS
    )
    run = learn(mdp, plan, range(SEEDS), criterion_discount=DISCOUNT)
    assert (run.returns <= optimum + 1e-8 * abs(optimum)).all(), "a curve above the exact optimum"
    near = run.returns >= optimum - 0.01 * abs(optimum)
    reached = [int(run.steps[np.flatnonzero(~row)[-1] + 1 if not row.all() else 0]) for row in near if row[-1]]
    return reached, len(reached)


def table_of(name: str) -> Any:
    """The environment's transition table as arrays."""
    from scoper.modelling.table_import import from_p_table

    env = made(name).unwrapped
    sizes = int(env.observation_space.n), int(env.action_space.n)
    return from_p_table(env.P, *sizes, np.asarray(env.initial_state_distrib), DISCOUNT, None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", help="a Python that has bettermdptools and gym-classics2")
    parser.add_argument("--peer", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peer:
        print(peer_speed(*arguments.peer))
        return
    tables = {name: table_of(name) for name in ENVIRONMENTS}
    started = time.perf_counter()
    compiled_speed(tables["CliffWalking"], 200, "compiled")
    print(f"loading or compiling, left out below: {time.perf_counter() - started:.1f} s wall", file=sys.stderr)
    print("steps per CPU-second (and times the plain loop), 16 seeds at once, 1 thread, median of rounds")
    for name, (_, _, limit) in ENVIRONMENTS.items():
        speeds: dict[str, list[float]] = {}
        missing = [] if arguments.peers else list(PEERS)
        for _ in range(arguments.rounds):
            found = {
                "plain loop": plain_loop(name),
                "tuned loop": tuned_loop(name),
                "compiled, epsilon and step size constant": compiled_speed(tables[name], limit, "compiled"),
                "compiled, standard plan": compiled_speed(tables[name], limit, "compiled", standard=True),
                "numpy in lockstep": compiled_speed(tables[name], limit, "numpy"),
            }
            for peer in PEERS if arguments.peers else ():
                speed = asked(peer, name, arguments.peers)
                if speed is None:
                    missing.append(peer)
                else:
                    found[peer] = speed
            for contestant, speed in found.items():
                speeds.setdefault(contestant, []).append(speed)
        base = speeds["plain loop"]
        for contestant, values in speeds.items():
            ratio = statistics.median(value / loop for value, loop in zip(values, base, strict=False))
            print(f"{name:15s} {contestant:42s} {statistics.median(values):14,.0f} {ratio:8.2f}")
        for peer in dict.fromkeys(missing):
            print(f"{name:15s} {peer:42s} {'not installed':>14s}")
        reached, n = to_target(tables[name], limit)
        speed, loop = statistics.median(speeds["compiled, standard plan"]), statistics.median(base)
        if not reached:
            print(f"{name:15s} within 1 % of the optimum: no seed")
            continue
        middle = statistics.median(reached)
        print(
            f"{name:15s} within 1 % of the optimum: {n} of {SEEDS} seeds, median {middle:,.0f} timesteps"
            f" ({min(reached):,} to {max(reached):,}): {middle / speed:.4f} CPU-s a seed;"
            f" as many at the plain loop's speed: {middle / loop:.2f} CPU-s"
        )


if __name__ == "__main__":
    main()
