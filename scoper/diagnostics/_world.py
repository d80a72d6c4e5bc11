"""The finite MDP that an audit looks at: a spec's own arrays, or what stepping an environment taught.

One shape for both, so that a diagnostic asks its question once; `exact` says whether an answer is proved.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from scoper.diagnostics._terms import per_transition, terms_of_steps
from scoper.domain.tabular import Floats, Ints, TabularMdp
from scoper.numerics.behaviour import Behaviour, behaviour
from scoper.numerics.evaluate import Policy
from scoper.numerics.solve import backward_induction, solve
from scoper.numerics.ties import Ties, ties

if TYPE_CHECKING:
    from scoper.diagnostics import Evidence

_LONGEST, _REMAINDER, _TOLERANCE = 2_000, 1e-3, 1e-4
_MOST_CELLS = 6_000_000
"""Timesteps times states up to which policies are worked out by timestep."""


@dataclass(frozen=True)
class World:
    """table: S states, A actions, N transitions. horizon: timesteps of an episode. discount: of the returns looked at.

    wanted (N,): what the owner gets, higher being better, None without objective. terms: reward term to (N,). exact:
    whether the arrays are the problem itself. counts (S, A): how often a pair was tried, None where exact. idle: the
    action that does nothing, if it is known. noise: standard deviation of a reward that state and action leave open.
    """

    table: TabularMdp
    horizon: int
    discount: float
    wanted: Floats | None = None
    terms: Mapping[str, Floats] = field(default_factory=dict)
    exact: bool = True
    counts: Ints | None = None
    idle: int | None = None
    noise: float = 0.0

    def follow(self, policy: Policy) -> Behaviour:
        """What a policy does within the horizon."""
        return behaviour(self.table, policy, self.horizon, discount=self.discount)

    def best(self, pay: Floats | None = None) -> Policy:
        """The policy with the most of `pay` (N,), the reward by default: by timestep where that is not too large."""
        if self.horizon * self.table.n_states <= _MOST_CELLS:
            return backward_induction(self.table, self.horizon, discount=self.discount, reward=pay).policy
        return self.steady(min(self.discount, 1.0 - 1.0 / self.horizon), pay)

    def steady(self, discount: float, pay: Floats | None = None) -> Ints:
        """(S,) the policy without a clock that has the most of `pay` (N,), discounted; `discount` below one."""
        return solve(self.table, discount=discount, reward=pay, tolerance=_TOLERANCE, compiled=False).policy

    def left_open(self, pay: Floats, other: Floats, slack: float = 0.0) -> Ties | None:
        """The least and the most of `other` among the policies that earn (nearly) the most; None where too large."""
        if self.horizon * self.table.n_states > _MOST_CELLS:
            return None
        return ties(self.table, self.horizon, pay, other, discount=self.discount, slack=slack)

    @cached_property
    def random(self) -> Floats:
        """(S, A) every available action alike."""
        shares = self.table.available / self.table.available.sum(axis=1, keepdims=True)
        return np.asarray(shares, dtype=np.float64)

    def always(self, action: int) -> Ints:
        """(S,) one action where it is available, else the first that is."""
        first = self.table.available.argmax(axis=1)
        return np.where(self.table.available[:, action], action, first).astype(np.int64)

    @cached_property
    def myopic(self) -> Ints:
        """(S,) the action with the most expected reward at once."""
        return self.steady(0.0)


def world_of(evidence: Evidence) -> World | None:
    """The arrays of the evidence, exact or not, else the model estimated by stepping; None where there is neither."""
    table, model = evidence.table or evidence.approximate, evidence.model
    if table is not None:
        horizon = _horizon(evidence.horizon, evidence.evaluation_discount)
        return World(
            table,
            horizon,
            evidence.evaluation_discount,
            evidence.objective_reward,
            evidence.terms,
            exact=table.is_exact,
            idle=evidence.idle,
        )
    if model is None:
        return None
    horizon = _horizon(model.limit, evidence.evaluation_discount)
    return World(
        model.table,
        horizon,
        evidence.evaluation_discount,
        model.wanted,
        {name: per_transition(model, column) for name, column in terms_of_steps(model.steps).items()},
        exact=False,
        counts=model.counts,
        idle=evidence.idle,
        noise=model.noise,
    )


def _horizon(limit: int | None, discount: float) -> int:
    """The time limit, else the timesteps after which a discount leaves a thousandth."""
    if limit is not None:
        return limit
    return (
        _LONGEST if discount >= 1.0 else min(_LONGEST, math.ceil(math.log(_REMAINDER) / math.log(max(discount, 1e-9))))
    )
