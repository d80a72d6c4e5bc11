"""Would a plan made before the first step do as well as a policy that looks?

Where every start and every outcome is certain, what an observation shows is known beforehand: the best sequence of
actions returns what the best policy does, and search or planning finds it. That is no fault; chance in reality may
still ask for a policy.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.domain.findings import Finding
from scoper.domain.numbers import count
from scoper.domain.tabular import TabularMdp
from scoper.numerics.reach import reachable_states

_CERTAIN = 1.0 - 1e-12
_REPEATS, _STARTS = 0.9, 5


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """An info: proved on a table; by stepping where every pair that was tried again came out as before."""
    table, model = evidence.table or evidence.approximate, evidence.model
    if table is not None:
        if table.n_actions < 2 or not _is_certain(table):
            return []
        return [
            _finding(
                "one start, and every action has one outcome", {"basis": "proved" if table.is_exact else "measured"}
            )
        ]
    if model is None or model.coding != "values" or len(model.steps.seeds) < _STARTS or model.table.n_actions < 2:
        return []
    pair = model.state * model.table.n_actions + model.steps.action
    _, code, times = np.unique(pair, return_inverse=True, return_counts=True)
    steps = model.steps
    outcome = np.column_stack([model.successor, steps.reward, steps.terminated])
    distinct = np.unique(np.column_stack([code, outcome]), axis=0)
    again = int((times - 1).sum())
    if distinct.shape[0] > times.size or again < _REPEATS * steps.size:
        return []
    if np.unique(model.state[steps.starts]).size > 1:
        return []
    claim = f"one start, and all {count(again)} timesteps that tried something again came out as before"
    return [_finding(claim, {"basis": "measured", "repeated": again})]


def _finding(claim: str, numbers: dict[str, object]) -> Finding:
    return Finding(
        code="plan_suffices",
        severity="info",
        claim=f"nothing is left to chance ({claim}): a plan made beforehand does as well as any policy",
        evidence=numbers,
        remedy="search or planning finds it without learning; ask whether reality is as certain as the simulator",
    )


def _is_certain(table: TabularMdp) -> bool:
    reached = reachable_states(table)
    if int((table.initial > 0.0).sum()) != 1:
        return False
    from_reached = reached[table.pair_of_transition // table.n_actions]
    chances = table.probability[from_reached & table.available.ravel()[table.pair_of_transition]]
    return bool(((chances >= _CERTAIN) | (chances <= 0.0)).all())


DIAGNOSTIC = Diagnostic(
    id="plan_suffices",
    question="Would a plan made beforehand do as well as a policy?",
    summary="Looks whether start and outcomes are certain.",
    inspect=inspect,
    group="is_rl",
    method=Method(
        formula="one start state, probability one of every outcome; by stepping: no pair had two outcomes",
        source="open-loop and closed-loop control coincide without chance (Bertsekas 2012, section 1.4)",
        inputs=("arrays", "model"),
        threshold="proved: all; measured: nine tenths of the timesteps repeat an earlier pair, and none differs",
        failure="a plan may lose nothing though there is chance: that is not looked for",
    ),
    rank=85,
)
