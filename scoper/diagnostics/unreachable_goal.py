"""Can the transitions that pay, or that the owner wants, be reached from the start at all?

On arrays that is proved. By stepping it is only measured: every action of every state that was met was tried, and
nothing that the owner wants ever came; that blocks the claim that something can be learned, and proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._closed import closed
from scoper.diagnostics._tables import reachable_transitions, reward_levels, same_returns
from scoper.domain.findings import Finding
from scoper.domain.numbers import count, number
from scoper.domain.tabular import Bools

_ZERO = 1e-12


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A blocker when everything that pays, or that the owner wants, lies out of reach."""
    if evidence.table is not None:
        return _on_table(evidence)
    return _by_stepping(evidence)


def never_paid(evidence: Evidence) -> str:
    """What is never paid whatever is done, proved, in words: a term of the reward, or the objective; empty for none."""
    table = evidence.table
    if table is None or not table.is_exact:
        return ""
    possible = reachable_transitions(table)
    wanted = evidence.objective_reward
    if evidence.objective_declared and wanted is not None and not _moves(wanted, possible):
        return "what the owner wants is 0 on every transition that can happen"
    if np.unique(reward_levels(table)[possible]).size == 1:
        idle = [name for name, term in evidence.terms.items() if not _moves(term, possible)]
        if idle and len(idle) < len(evidence.terms):
            return f"the reward term '{idle[0]}' is 0 on every transition that can happen"
    return ""


def _moves(amounts: np.ndarray[tuple[int], np.dtype[np.float64]], possible: Bools) -> bool:
    return bool(np.abs(amounts[possible]).max(initial=0.0) > _ZERO)


def _on_table(evidence: Evidence) -> Sequence[Finding]:
    table = evidence.table
    assert table is not None
    if what := never_paid(evidence):
        return [_finding(f"{what}: no policy gets there from the start", {"basis": "proved"})]
    possible, levels = reachable_transitions(table), reward_levels(table)
    inside = np.unique(levels[possible])
    outside = (table.probability > 0) & ~possible & ~np.isin(levels, inside)
    beyond, within = table.reward[outside], table.reward[possible]
    if beyond.size and float(within.max(initial=-np.inf)) <= 0.0 < float(beyond.max()) and not _owner_content(evidence):
        claim = f"rewards of {number(float(beyond.max()))} exist, but no policy reaches one above zero from the start"
        return [_finding(claim, {"basis": "proved", "largest_within_reach": float(within.max())})]
    if evidence.optimal is None or evidence.worst is None or not same_returns(evidence):
        return []
    if beyond.size and inside.size == 1:
        claim = f"rewards of {number(float(beyond.max()))} exist, but no policy reaches them from the start"
        words = f"{claim}: every policy returns {number(evidence.optimal)}"
        return [_finding(words, {"basis": "proved", "return": evidence.optimal})]
    if evidence.horizon is not None and inside.size > 1 and _all_same_in_time(evidence):
        claim = f"other rewards exist, but not within {evidence.horizon} timesteps"
        words = f"{claim}: every policy returns {number(evidence.optimal)}"
        return [_finding(words, {"basis": "proved", "return": evidence.optimal})]
    return []


def _owner_content(evidence: Evidence) -> bool:
    """Whether the owner gets something by some policy: then what lies out of reach is not the goal."""
    audit = evidence.audit
    wished, random = audit.wished, audit.rungs.get("random")
    return wished is not None and random is not None and wished.wanted_more(random)


def _all_same_in_time(evidence: Evidence) -> bool:
    """Whether within the horizon only one reward can be met, although more lie beyond it."""
    table, horizon = evidence.table, evidence.horizon
    assert table is not None
    assert horizon is not None
    pair = table.pair_of_transition
    source = pair // table.n_actions
    happens = (table.probability > 0) & table.available.ravel()[pair]
    reached, met = table.initial > 0, np.zeros(table.reward.size, dtype=np.bool_)
    for _ in range(horizon):
        now = happens & reached[source]
        if not (now & ~met).any():
            break
        met |= now
        reached = reached.copy()
        reached[table.successor[now & ~table.terminates]] = True
    return np.unique(reward_levels(table)[met]).size <= 1


def _by_stepping(evidence: Evidence) -> Sequence[Finding]:
    model = evidence.model
    if model is None or not evidence.objective_declared or (_ever_wanted(evidence) and not _never_gains(evidence)):
        return []
    how = closed(evidence)
    steps = count(model.steps.size)
    if not how:
        return []
    what = "no step gave the owner anything" if _ever_wanted(evidence) else "nothing of what the owner wants came"
    beside = ", and a constant action costs nothing" if _ever_wanted(evidence) else ""
    claim = f"{what} in {steps} steps on your environment{beside}, although {how}"
    return [_finding(claim, {"basis": "measured", "timesteps": model.steps.size, "states": model.n_cells})]


def _ever_wanted(evidence: Evidence) -> bool:
    """Whether any step or episode gave the owner anything but zero."""
    model = evidence.model
    sets = [episodes.objective for episodes in evidence.episodes.values() if episodes.objective is not None]
    found = any(np.abs(values).max(initial=0.0) > _ZERO for values in sets)
    return found or (model is not None and bool(np.abs(model.steps.wanted).max(initial=0.0) > _ZERO))


def _never_gains(evidence: Evidence) -> bool:
    """Whether steps only ever cost the owner and a floor costs nothing, though the reward pays for something else.

    Where the reward too is content with that floor, a cost is to be avoided and nothing says that there is a goal.
    """
    model, audit = evidence.model, evidence.audit
    if model is None or evidence.objective_sign < 0.0 or float(model.steps.wanted.max(initial=0.0)) > _ZERO:
        return False
    wanted = {rung.name: rung.wanted for rung in audit.rungs.values() if rung.wanted is not None}
    held = [value for name, value in wanted.items() if name == "idle" or name.startswith("constant")]
    if max(wanted.values(), default=1.0) > _ZERO or max(held, default=-1.0) < -_ZERO:
        return False
    floors = [r for r in audit.rungs.values() if r.name in ("random", "idle") or r.name.startswith("constant")]
    return audit.best is not None and all(audit.best.earns_more(rung) for rung in floors)


def _finding(claim: str, numbers: dict[str, object]) -> Finding:
    return Finding(
        code="unreachable_goal",
        defect="unreachable_goal",
        severity="blocker",
        claim=claim,
        evidence=numbers,
        remedy="open a way to the goal: check start, walls and what terminates; or lengthen the horizon",
    )


DIAGNOSTIC = Diagnostic(
    id="unreachable_goal",
    question="Can what pays be reached from the start?",
    summary="Proves on arrays that no policy reaches what pays or what the owner wants; measures it elsewhere.",
    inspect=inspect,
    group="reach",
    catches=("unreachable_goal",),
    method=Method(
        formula="breadth-first search from the start distribution; rewards, terms and objective on what it reaches",
        source="graph reachability",
        inputs=("arrays or model", "objective", "terms"),
        threshold="none on arrays; by stepping every action of every state met was tried (five times where outcomes "
        "are drawn; whatever a part that only counts was) and the owner's number stayed zero, or only sank while a "
        "constant action costs nothing",
        failure="by stepping without an objective nobody says what the goal is, so nothing is said; outcomes rarer "
        "than the tries are missed",
    ),
    rank=5,
)
