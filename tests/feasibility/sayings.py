"""Proofs of what an owner shows: the examples of an item agree with its number, and with its reward or against it.

Policies of a declarative spec are evaluated exactly, from the start to the horizon; actions of a world are stepped.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scoper.modelling.arrays import compile_spec
from scoper.services.specs import parse_spec
from tests.feasibility import model as exact
from tests.feasibility.suite import HERE, Item


def shown(item: Item, which: str) -> np.ndarray:
    """(n, 2) reward and owner's number, more of which is better, of every example said to be preferred or undesired."""
    return np.array([_by_rule(item, e["rule"]) if "rule" in e else _by_actions(item, e) for e in item.asked[which]])


def _by_rule(item: Item, rule: str) -> tuple[float, float]:
    spec = parse_spec(Item(**{**vars(item), "asked": {}}).text(), item.id, HERE)
    m = exact.model_of_spec(spec)  # type: ignore[arg-type]
    policy = exact.uniform(m)
    if rule != "random":
        policy = np.eye(m.n_actions)[compile_spec(spec).baselines[rule]]  # type: ignore[arg-type]
    return exact.evaluate(m, m.reward, policy), exact.evaluate(m, m.wanted, policy)


def _by_actions(item: Item, example: dict[str, Any]) -> tuple[float, float]:
    env = item.make()
    env.reset(seed=example["seed"])
    paid = owner = 0.0
    for action in example["actions"]:
        _, reward, ended, late, info = env.step(np.asarray(action) if isinstance(action, list) else action)
        told = info[env.owner] * env.sense
        paid, owner = paid + reward, told if env.told != "step" else owner + told
        if ended or late:
            break
    return paid, owner


def told_alike(item: Item) -> None:
    """Every preferred example earns more reward, and more of the owner's number, than every undesired one."""
    good, bad = shown(item, "preferred"), shown(item, "undesired")
    assert (good.min(axis=0) > bad.max(axis=0) + 1e-9).all(), (good, bad)


def told_against(item: Item) -> None:
    """Some undesired example earns more reward than every preferred one, and all of them less for the owner."""
    good, bad = shown(item, "preferred"), shown(item, "undesired")
    assert bad[:, 0].max() > good[:, 0].max() + 1e-9, (good, bad)
    assert good[:, 1].min() > bad[:, 1].max() + 1e-9, (good, bad)


def told_apart(item: Item) -> None:
    """Something is hidden, and what is shown still tells all states apart that can be met."""
    m, env = exact.model_of_world(item.make().unwrapped, item.kwargs.get("steps"), item.discount), item.make()
    assert len(env.unwrapped.shown) < len(env.unwrapped.parts)
    assert len(set(m.shown)) == m.n_states
