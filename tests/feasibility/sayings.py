"""Proofs of what an owner shows: the examples of an item agree with its number, and with its reward or against it.

Policies of a declarative spec are evaluated exactly, from the start to the horizon; actions of a world are stepped.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scoper.modelling.arrays import compile_spec
from scoper.modelling.success import with_success
from scoper.services.specs import parse_spec
from tests.feasibility import model as exact
from tests.feasibility import proofs
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


def discount_keeps(item: Item) -> None:
    """The policy that is best with the item's discount, which is below one, keeps the objective."""
    m = proofs.model_of(item)
    assert m.discount < 0.98
    assert proofs.lost(m, m.discount)[1] <= proofs.KEEPS, proofs.lost(m, m.discount)


def told_apart(item: Item) -> None:
    """Something is hidden, and what is shown still tells all states apart that can be met."""
    m, env = proofs.model_of(item), item.make()
    assert len(env.unwrapped.shown) < len(env.unwrapped.parts)
    assert len(set(m.shown)) == m.n_states


def shown_suffices(item: Item) -> None:
    """Something is hidden, and a rule that looks at the present observation alone serves the owner as well as any."""
    m = proofs.model_of(item)
    best = exact.optimum(m, m.wanted, m.wanted)
    assert len(set(m.shown)) < m.n_states
    met, policy = m.initial > 0, np.zeros((m.n_states, m.n_actions))
    right = {seen: np.ones(m.n_actions, dtype=bool) for seen in m.shown}
    for now in best.actions:
        for state in np.flatnonzero(met):
            right[m.shown[state]] &= now[state]
            policy[state] = np.eye(m.n_actions)[right[m.shown[state]].argmax()]
        taken = (policy.reshape(-1)[m.pair] > 0) & met[m.pair // m.n_actions] & ~m.ends & (m.chance > 0)
        met = np.isin(np.arange(m.n_states), m.successor[taken])
    rule = np.array([np.eye(m.n_actions)[right[seen].argmax()] for seen in m.shown])
    assert exact.evaluate(m, m.wanted, rule) >= best.best - 1e-9


def success_kept(item: Item) -> None:
    """Of a spec: what earns the most reward succeeds, as the owner's condition says it, nearly as often as any."""
    spec = with_success(parse_spec(item.text(), item.id, HERE))
    assert spec.objective is not None
    _, most = proofs.lost(exact.model_of_spec(spec))  # type: ignore[arg-type]
    assert most <= proofs.KEEPS, f"{most:.3f} of the chance of success is lost"
