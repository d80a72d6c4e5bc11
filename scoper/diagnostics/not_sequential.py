"""Does an action change what comes next, or only what is paid at once?

Where it changes nothing that follows, every decision stands alone: what was called a decision process is a contextual
bandit, and the best immediate reward is the best policy. A table proves it. By stepping no effect on the next
observation or the end may be seen though there is one on the reward, and the past must tell nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._sampled import drift_of, effects_of, order_of, readable, wander_of
from scoper.domain.empirical import EmpiricalModel
from scoper.domain.findings import Finding, Severity
from scoper.domain.numbers import count
from scoper.domain.tabular import TabularMdp
from scoper.numerics.kernel import tally
from scoper.numerics.reach import reachable_states

_SLACK = 1e-12
CODE = "actions_move_nothing"
REMEDY = "every decision stands alone: a one-step rule, a prediction or a contextual bandit is enough"
FAR, _TRIES, _LEAST_ROWS = 0.5, 20, 500


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A caution where rewards differ by action and nothing else does; an info where not even these do."""
    table = evidence.table or evidence.approximate
    if table is None:
        return _measured(evidence)
    if table.n_actions < 2:
        return []
    states = np.flatnonzero(reachable_states(table) & (table.available.sum(axis=1) > 1))
    if states.size == 0 or any(_moves(table, int(state)) for state in states):
        return []
    claim = f"in all {count(states.size)} states with a choice the next state does not depend on the action"
    basis = "proved" if table.is_exact else "measured"
    severity: Severity = "caution" if _pays(table, states) else "info"
    return [_finding(severity, claim, {"basis": basis, "states": int(states.size)})]


def _finding(severity: Severity, claim: str, numbers: dict[str, object]) -> Finding:
    defect = "not_sequential" if severity == "caution" else None
    return Finding(code=CODE, defect=defect, severity=severity, claim=claim, evidence=numbers, remedy=REMEDY)


def _pays(table: TabularMdp, states: np.ndarray[tuple[int], np.dtype[np.int64]]) -> bool:
    """Whether actions of one state differ in what they pay on average."""
    mean = tally(table.pair_of_transition, table.probability * table.reward, table.n_states * table.n_actions)
    paid = mean.reshape(table.n_states, table.n_actions)[states]
    allowed = table.available[states]
    high, low = np.where(allowed, paid, -np.inf).max(axis=1), np.where(allowed, paid, np.inf).min(axis=1)
    return bool((high - low > 1e-9 * max(1.0, float(np.abs(mean).max()))).any())


def _moves(table: TabularMdp, state: int) -> bool:
    """Whether two available actions differ in where they lead, the end of the episode being one place."""
    pairs = state * table.n_actions + np.flatnonzero(table.available[state])
    laws = [_successors(table, int(pair)) for pair in pairs]
    return any(
        abs(laws[0].get(place, 0.0) - law.get(place, 0.0)) > _SLACK for law in laws[1:] for place in {*laws[0], *law}
    )


def _successors(table: TabularMdp, pair: int) -> dict[int, float]:
    law: dict[int, float] = {}
    for index in range(int(table.offsets[pair]), int(table.offsets[pair + 1])):
        if table.probability[index] > 0:
            place = -1 if table.terminates[index] else int(table.successor[index])
            law[place] = law.get(place, 0.0) + float(table.probability[index])
    return law


def _measured(evidence: Evidence) -> Sequence[Finding]:
    model = readable(evidence)
    if model is None or model.table.n_actions < 2 or _plainly_moves(model):
        return []
    effects = effects_of(model)
    if effects.n_rows < _LEAST_ROWS or {effect.outcome for effect in effects.effects} != {"reward"}:
        return []
    if order_of(model).found or drift_of(model).drifts or wander_of(model).waves:
        return []
    claim = f"in {count(effects.n_rows)} timesteps the action changed the reward, and nothing of what came next"
    return [_finding("caution", claim, {"basis": "measured", "timesteps": effects.n_rows})]


def _plainly_moves(model: EmpiricalModel) -> bool:
    """Whether in some cell two actions that were tried often led to clearly different cells."""
    n_cells, n_actions = model.n_cells, model.table.n_actions
    counts = np.bincount(model.state * n_actions + model.steps.action, minlength=n_cells * n_actions)
    for cell in np.argsort(-counts.reshape(n_cells, n_actions).min(axis=1))[:5].tolist():
        tried = np.flatnonzero(counts.reshape(n_cells, n_actions)[cell] >= _TRIES)
        laws = []
        for action in tried.tolist():
            rows = (model.state == cell) & (model.steps.action == action)
            laws.append(np.bincount(model.successor[rows], minlength=n_cells) / rows.sum())
        if any(0.5 * float(np.abs(laws[0] - law).sum()) > FAR for law in laws[1:]):
            return True
    return False


DIAGNOSTIC = Diagnostic(
    id="not_sequential",
    question="Does an action change what comes next?",
    summary="Compares where the actions of a state lead, exactly on a table, by tests elsewhere.",
    inspect=inspect,
    group="is_rl",
    catches=("not_sequential",),
    method=Method(
        formula="law of the next state equal for all actions of every reachable state, mean rewards not; by stepping "
        "the same by permuted actions, with rewards and ends unrelated to the past",
        source="own; permutation tests with maxT (Westfall and Young 1993)",
        inputs=("arrays", "model"),
        threshold="proved: 1e-12. Measured: no effect on anything but the reward at corrected p 0.01; rates by "
        "simulation (tests/benchmarks/effect_rates.py).",
        failure="an effect on the next state below the tests' power is missed: below a thousandth of its variance",
    ),
    rank=70,
)
