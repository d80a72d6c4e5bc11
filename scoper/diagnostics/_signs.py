"""How the policy that earns the most differs from the one the owner wishes: the signs by which kinds are told apart.

Everything is read off exact or estimated transitions of one world. A sign alone names nothing; a diagnostic asks for
two of them at least, of which one is the repair (`_what_if`) wherever there is one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from scoper.diagnostics._pair import pair_of
from scoper.diagnostics._terms import per_transition
from scoper.diagnostics._what_if import WhatIf, what_if
from scoper.diagnostics._world import World
from scoper.domain.tabular import Bools, Floats, Ints
from scoper.numerics.behaviour import Behaviour
from scoper.numerics.reward_cycles import Loop, follow

if TYPE_CHECKING:
    from scoper.diagnostics import Evidence
    from scoper.diagnostics._audit import Audit
    from scoper.diagnostics._rung import Rung

SEEN = 1e-9


@dataclass(frozen=True)
class TermFit:
    """The owner's number as a * (reward without the term) + b * term: what the term should have weighed.

    factor: b / a, one where the term is priced as the owner would; negative where its sign is wrong. explained: share
    of the variance of the owner's number, over what the audit's policies visit.
    """

    factor: float
    explained: float


@dataclass(frozen=True)
class Samples:
    """Single timesteps: action (n,), reward (n,), what the owner got (n,) or None, weight (n,)."""

    action: Ints
    reward: Floats
    wanted: Floats | None
    weight: Floats


class Signs:
    """Of an audit whose world is known; with an objective `wished` is what the owner would have done."""

    def __init__(self, audit: Audit, world: World, changes: WhatIf) -> None:
        self.audit, self.world, self.changes = audit, world, changes
        self.reward, self.wanted = world.table.reward, world.wanted
        self.known: list[tuple[Rung, Behaviour]] = [
            (r, r.does) for r in audit.rungs.values() if not r.timed and r.does is not None
        ]

    @cached_property
    def best(self) -> Behaviour:
        """What the policy without a clock does that earns the most reward in this world."""
        own = self.audit.best
        if own is not None and own.does is not None:
            return own.does
        return max((does for _, does in self.known), key=lambda does: does.total(self.reward))

    @cached_property
    def wished(self) -> Behaviour | None:
        """What the policy does from which the owner gets most; of equal ones that with the most reward."""
        wanted = self.wanted
        if wanted is None:
            return None
        span = max(float(np.ptp([does.total(wanted) for _, does in self.known])), 1e-300)
        most = max(does.total(wanted) for _, does in self.known)
        near = [does for _, does in self.known if does.total(wanted) >= most - 1e-6 * span]
        return max(near, key=lambda does: does.total(self.reward))

    @cached_property
    def random(self) -> Behaviour:
        """What acting at random does."""
        return next(does for rung, does in self.known if rung.name == "random")

    @cached_property
    def mix(self) -> Floats:
        """(N,) share of every transition over all policies of the audit, each counting the same."""
        total = np.sum([does.times / max(float(does.times.sum()), 1e-300) for _, does in self.known], axis=0)
        return np.asarray(total / total.sum(), dtype=np.float64)

    @cached_property
    def source(self) -> Ints:
        """(N,) the state that each transition leaves."""
        return self.world.table.pair_of_transition // self.world.table.n_actions

    @cached_property
    def action(self) -> Ints:
        """(N,) the action of each transition."""
        return self.world.table.pair_of_transition % self.world.table.n_actions

    def agreement(self, weight: Floats, where: Bools | None = None) -> float:
        """Correlation of reward and objective per timestep under `weight` (N,); nan where either is constant."""
        if self.wanted is None:
            return math.nan
        return correlation(self.reward, self.wanted, weight if where is None else np.where(where, weight, 0.0))

    @cached_property
    def ladder_agreement(self) -> float:
        """Correlation of return and objective over the audit's policies."""
        if self.wanted is None:
            return math.nan
        pays = np.array([does.total(self.reward) for _, does in self.known])
        owns = np.array([does.total(self.wanted) for _, does in self.known])
        return correlation(pays, owns, np.ones(pays.size))

    @cached_property
    def fits(self) -> Mapping[str, TermFit]:
        """Per reward term what the owner's number says of its weight; empty without terms or objective."""
        if self.wanted is None or len(self.world.terms) < 2:
            return {}
        return {name: self._fit(term) for name, term in self.world.terms.items()}

    def _fit(self, term: Floats) -> TermFit:
        assert self.wanted is not None
        root = np.sqrt(self.mix)
        columns = np.column_stack([self.reward - term, term, np.ones(term.size)]) * root[:, None]
        (rest, own, _), *_ = np.linalg.lstsq(columns, self.wanted * root, rcond=None)
        left = self.wanted - (self.reward - term) * rest - term * own
        total = variance(self.wanted, self.mix)
        explained = 1.0 - variance(left, self.mix) / total if total > 0.0 else 0.0
        scale = max(abs(rest), abs(own))
        factor = float(own / rest) if abs(rest) > 1e-9 * max(scale, 1e-300) else math.inf
        return TermFit(factor, explained)

    @cached_property
    def loop(self) -> Loop | None:
        """The loop that the best policy gets into when always the likeliest happens; None where it may end."""
        policy = self.best.policy
        if policy.ndim == 2 and policy.dtype.kind in "iu":
            return None
        chosen = policy if policy.ndim == 1 else policy.argmax(axis=1)
        start = int(self.world.table.initial.argmax())
        return follow(self.world.table, chosen.astype(np.int64), start, self.reward)

    @property
    def per_step(self) -> float:
        """The largest amount that a timestep pays or costs, over what is visited."""
        return float(np.abs(self.reward[self.mix > SEEN]).max(initial=0.0))

    @cached_property
    def samples(self) -> Samples:
        """The steps that a model was estimated from, each counting the same; of arrays the visited transitions."""
        model = self.audit.evidence.model
        if model is not None and model.table is self.world.table:
            steps = model.steps
            wanted = None if self.wanted is None else steps.wanted
            return Samples(steps.action, steps.reward, wanted, np.ones(steps.size))
        seen = np.flatnonzero(self.mix > SEEN)
        wanted = None if self.wanted is None else self.wanted[seen]
        return Samples(self.action[seen], self.reward[seen], wanted, self.mix[seen])

    def per_transition(self, amount: Floats) -> Floats:
        """(N,) the mean of an amount per sample (n,): over the tries of a pair, or of the transitions themselves."""
        model = self.audit.evidence.model
        if model is not None and model.table is self.world.table:
            return per_transition(model, amount)
        found = np.zeros(self.reward.size)
        found[self.mix > SEEN] = amount
        return found

    @cached_property
    def components(self) -> tuple[tuple[str, Floats], ...]:
        """Name and values (S,) of what a state consists of; empty where states have numbers only."""
        table, model = self.world.table, self.audit.evidence.model
        if model is not None and model.table is table:
            rows = model.rows if model.coding == "values" else model.centres
            return tuple((name, rows[:, at]) for at, name in enumerate(model.components) if at < rows.shape[1])
        return _of_labels(table.state_labels)


def signs_of(evidence: Evidence) -> Signs | None:
    """The signs of an evidence, worked out once; None where there is no world or no policy in it."""
    audit = evidence.audit
    changes = what_if(audit)
    if audit.world is None or changes is None:
        return None
    kept = audit.__dict__.get("_signs")
    if not isinstance(kept, Signs):
        kept = audit.__dict__["_signs"] = Signs(audit, audit.world, changes)
    return kept if kept.known else None


def diverging(evidence: Evidence) -> Signs | None:
    """The signs where the reward is shown to ask for something else than the owner does; else None."""
    return signs_of(evidence) if evidence.audit.diverges and pair_of(evidence.audit) is not None else None


def variance(values: Floats, weight: Floats) -> float:
    """The weighted variance; 0 without weight."""
    total = float(weight.sum())
    if total <= 0.0:
        return 0.0
    mean = float(weight @ values) / total
    return float(weight @ (values - mean) ** 2) / total


def correlation(one: Floats, other: Floats, weight: Floats) -> float:
    """Pearson's correlation under weights, nan where either varies by rounding only."""
    total = float(weight.sum())
    if total <= 0.0:
        return math.nan
    share = weight / total
    first, second = one - share @ one, other - share @ other
    sizes = float(share @ first**2), float(share @ second**2)
    least = [1e-12 * max(float((share * values**2).sum()), 1e-300) for values in (one, other)]
    if sizes[0] <= least[0] or sizes[1] <= least[1]:
        return math.nan
    return float(share @ (first * second)) / math.sqrt(sizes[0] * sizes[1])


def _of_labels(labels: tuple[str, ...]) -> tuple[tuple[str, Floats], ...]:
    """Components of labels such as "stock=3, season=wet" or "(3, 1)": numbers as they are, words numbered in order."""
    bare = [label.strip("()[]").split(", ") for label in labels if label[:1] in ("(", "[")]
    if bare and len(bare) == len(labels) and len({len(parts) for parts in bare}) == 1:
        labels = tuple(", ".join(f"observation[{at}]={part}" for at, part in enumerate(parts)) for parts in bare)
    split = [dict(part.split("=", 1) for part in label.split(", ") if "=" in part) for label in labels]
    if not split or any(each.keys() != split[0].keys() for each in split):
        return ()
    found = []
    for name in split[0]:
        words = [each[name] for each in split]
        try:
            values = np.array([float(word) for word in words])
        except ValueError:
            values = np.unique(words, return_inverse=True)[1].astype(np.float64)
        found.append((name, values))
    return tuple(found)
