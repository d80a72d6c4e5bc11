"""Planning by stepping alone, beside exact optima: the share of the optimal gain and CPU seconds per environment.

Every MDP template is stepped as an environment and solved exactly from its arrays, on the reward and on its objective;
toy text is solved from Gymnasium's own tables; classic control stands beside the best row of rl-baselines3-zoo's
benchmark. Share: (return on fresh episodes - random) / (optimum - random). Nothing here reads a table to plan.

    .venv/bin/python tests/benchmarks/planners.py [--budget quick|standard|long] [--only WORD] [--seeds N]
        [--planners planned linear threshold base_stock] [--kinds toy_text control templates]
"""

from __future__ import annotations

import argparse
import functools
import itertools
import math
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import gymnasium
import numpy as np

from scoper.baselines import Task, base_stock, linear, planned, threshold
from scoper.domain.mdp import EnvironmentSpec, MdpSpec, Objective
from scoper.domain.probe import ProbePlan
from scoper.modelling.arrays import has_arrays, objective_reward, to_tabular
from scoper.modelling.spec_env import Process, spec_env
from scoper.numerics.evaluate import evaluate
from scoper.numerics.solve import backward_induction, start_value
from scoper.probe.session import Session
from scoper.probe.shelter import Pulse
from scoper.probe.stepped_spec import as_environment, limit_of
from scoper.probe.tables import imported_table
from scoper.probe.watched import Watched
from scoper.services.library import load_library
from scoper.services.mdp_templates import load_templates
from scoper.services.specs import parse_spec

PLANNERS = (planned.BASELINE, linear.BASELINE, threshold.BASELINE, base_stock.BASELINE)
MOST_STATES, LONGEST = 20_000, 500
TOY_TEXT = (
    ("FrozenLake-v1", {}),
    ("FrozenLake-v1", {"is_slippery": False}),
    ("FrozenLake-v1", {"map_name": "8x8"}),
    ("FrozenLake8x8-v1", {}),
    ("Taxi-v4", {}),
    ("CliffWalking-v1", {}),
    ("CliffWalking-v1", {"is_slippery": True}),
)
CONTROL = (  # id, limit, random policy (measured over 200 episodes), best published row
    ("CartPole-v1", 500, 22.0, 500.0),
    ("Acrobot-v1", 500, -499.0, -69.1),
    ("MountainCar-v0", 200, -200.0, -100.8),
    ("MountainCarContinuous-v0", 999, -33.0, 96.7),
    ("Pendulum-v1", 200, -1230.0, -151.3),
)
BLACKJACK = (-0.393, -0.043113)
"""Random and optimal expected return of Blackjack-v1 as registered; the optimum by its own recursion."""


@dataclass(frozen=True)
class Item:
    """One environment: random and best return, and the owner's where an objective is declared."""

    name: str
    make: Callable[[], Any]
    limit: int
    low: float
    high: float
    objective: Objective | None = None
    wanted: tuple[float, float] | None = None


def templates() -> Iterator[Item]:
    """Every template with arrays, filled with its example."""
    for name, template in load_templates(load_library()).items():
        spec = parse_spec(template.filled(), f"{name}.yaml")
        if not has_arrays(spec):
            continue
        limit, states = min(LONGEST, limit_of(spec)), state_count(spec)
        if states > MOST_STATES:
            continue
        table = to_tabular(spec)
        random = table.available / table.available.sum(axis=1, keepdims=True)
        rewards = [table.reward]
        if spec.objective is not None:
            sign = 1.0 if spec.objective.direction == "maximise" else -1.0
            rewards.append(sign * objective_reward(spec))
        pairs = []
        for reward in rewards:
            high = start_value(table, backward_induction(table, limit, discount=1.0, reward=reward).value[0])
            low = start_value(table, evaluate(table, random, discount=1.0, horizon=limit, reward=reward))
            pairs.append((low, high))
        wanted = pairs[1] if len(pairs) > 1 else None
        make = functools.partial(spec_env, spec)
        yield Item(name, make, limit, *pairs[0], as_environment(spec).objective, wanted)


def state_count(spec: MdpSpec) -> int:
    """How many states the spec's arrays have."""
    return math.prod(quantity.values.size for quantity in Process(spec).layout.states)


def toy_text() -> Iterator[Item]:
    """Gymnasium's own tables, solved within their time limits."""
    for name, kwargs in TOY_TEXT:
        make = functools.partial(gymnasium.make, name, **kwargs)
        env = make()
        limit = env.spec.max_episode_steps or 1000
        table = imported_table(env, 0.99, limit, range(500)).table
        random = table.available / table.available.sum(axis=1, keepdims=True)
        high = start_value(table, backward_induction(table, limit, discount=1.0).value[0])
        low = start_value(table, evaluate(table, random, discount=1.0, horizon=limit))
        words = ",".join(f"{key}={value}" for key, value in kwargs.items())
        yield Item(f"{name}({words})", make, limit, low, high)
    yield Item("Blackjack-v1", functools.partial(gymnasium.make, "Blackjack-v1"), 100, *BLACKJACK)


def control() -> Iterator[Item]:
    """Classic control beside what was published."""
    for name, limit, low, high in CONTROL:
        yield Item(name, functools.partial(gymnasium.make, name), limit, low, high)


KINDS = {"toy_text": toy_text, "control": control, "templates": templates}


def task_of(item: Item) -> Task:
    """The item as planners meet it."""
    make = item.make
    return Task(
        item.name,
        0.99,
        1.0,
        item.limit,
        make_env=lambda: Watched(make(), Pulse(), item.limit),
        action_kind="product",
        objective=item.objective,
    )


def main() -> None:
    """Print one row per environment."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--budget", default="standard")
    parser.add_argument("--only", default="")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--planners", nargs="+", default=[planner.id for planner in PLANNERS])
    parser.add_argument("--kinds", nargs="+", default=list(KINDS))
    args = parser.parse_args()
    print(f"{'environment':34}{'optimum':>11}" + "".join(f"{p:>20}" for p in args.planners) + f"{'objective':>12}")
    best: list[float] = []
    for item in itertools.chain.from_iterable(KINDS[kind]() for kind in args.kinds):
        if args.only not in item.name:
            continue
        best += [row(item, args.budget, seed, args.planners) for seed in range(args.seeds)]
    enough = np.mean(np.array(best) >= 0.75)
    print(f"best share: median {np.median(best):.3f}, lowest {min(best):.3f}, at least 0.75 on {enough:.0%}")


def row(item: Item, budget: str, seed: int, wished: list[str]) -> float:
    """Run every planner on one environment; the best share that one reached."""
    task, cells, best, wanted = task_of(item), [], -np.inf, ""
    for planner in (planner for planner in PLANNERS if planner.id in wished):
        plan = ProbePlan(spec_text="", spec=EnvironmentSpec(name="x", id="X-v0"), budget=budget, seed=seed)
        session = Session(plan, lambda event: None, Pulse())
        started = time.process_time()
        outcomes = planner.run(task, session) if planner.applies_to(task) else {}
        seconds = time.process_time() - started
        found = outcomes.get(planner.id)
        if found is None:
            cells.append(f"{'-':>20}")
            continue
        share = (found.summary.mean - item.low) / (item.high - item.low)
        half = (found.summary.high - found.summary.mean) / (item.high - item.low)
        best = max(best, share)
        cells.append(f"{share:9.3f}±{half:5.3f}{seconds:4.1f}s")
        other = outcomes.get(f"{planner.id}_objective")
        if planner.id == "planned" and item.wanted is not None and other is not None and other.objective is not None:
            sign = -1.0 if item.objective is not None and item.objective.direction == "minimise" else 1.0
            low, high = item.wanted
            wanted = f"{(sign * other.objective - low) / (high - low):.3f}"
    print(f"{item.name:34.34}{item.high:11.3f}" + "".join(cells) + f"{wanted:>12}", flush=True)
    return best


if __name__ == "__main__":
    main()
