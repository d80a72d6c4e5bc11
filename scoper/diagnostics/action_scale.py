"""Does all of the action space do something different?

Of a box: whether a small part of it already does all there is, or a large part does nothing. Of numbered actions:
whether most of them are copies of others.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._tables import copies_of_actions
from scoper.domain.action_range import Part
from scoper.domain.findings import Finding, Severity
from scoper.domain.numbers import count, share

SMALL, DEAD = 0.1, 0.6
MANY, COPIES = 8, 0.5
FAR = 100.0
_MOST_PAIRS = 20_000


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A caution for every component of which a tenth is all, or six tenths are nothing; one for many copies."""
    found: list[Finding] = []
    if evidence.action_range is not None:
        for part in evidence.action_range.parts:
            found += _of_part(part, evidence.action_range.n_compared)
    return found or _copies(evidence)


def _of_part(part: Part, n_compared: int) -> list[Finding]:
    numbers = {
        "basis": "measured",
        "low": part.low,
        "high": part.high,
        "saturates_at_share": part.saturates,
        "nothing_up_to_share": part.wakes,
        "replays": n_compared,
    }
    where = f"{part.name} reaches from {part.low:g} to {part.high:g}"
    if part.moves and part.saturates <= SMALL:
        claim = f"{where}, and from {share(part.saturates)} of that on all is the same"
        remedy = f"declare bounds about {part.saturates * part.low:g} and {part.saturates * part.high:g}"
        return [_finding("caution", claim, remedy, numbers)]
    if part.moves and part.wakes >= DEAD:
        claim = f"{where}, and up to {share(part.wakes)} of that nothing happens"
        return [_finding("caution", claim, "rescale the action so that small ones do something", numbers)]
    size = max(abs(part.low), abs(part.high))
    if size > FAR or size < 1.0 / FAR:
        return [_finding("info", where, "rescale the box to −1 … 1 for learners that do not do so", numbers)]
    return []


def _finding(severity: Severity, claim: str, remedy: str, numbers: dict[str, object]) -> Finding:
    defect = "action_scale" if severity == "caution" else None
    return Finding(
        code="action_scale",
        defect=defect,
        severity=severity,
        claim=claim,
        evidence=numbers,
        remedy=remedy,
    )


def _copies(evidence: Evidence) -> list[Finding]:
    """Of a table: actions that do everywhere what another one does."""
    table = evidence.table or evidence.approximate
    if table is None or table.n_actions < 3 or table.n_states * table.n_actions > _MOST_PAIRS:
        return []
    first = copies_of_actions(table)
    distinct = int(np.unique(first).size)
    if distinct in (1, table.n_actions):
        return []
    many = table.n_actions >= MANY and distinct <= COPIES * table.n_actions
    claim = f"of {count(table.n_actions)} actions only {count(distinct)} differ: the others do what one of them does"
    numbers: dict[str, object] = {
        "basis": "proved" if table.is_exact else "measured",
        "actions": table.n_actions,
        "distinct": distinct,
    }
    found = _finding("caution" if many else "info", claim, "leave out the actions that are copies", numbers)
    return [found.model_copy(update={"code": "actions_alike"})]


DIAGNOSTIC = Diagnostic(
    id="action_scale",
    question="Does all of the action space do something different?",
    summary="Replays a seed under larger and smaller actions, and compares the laws of a table's actions.",
    inspect=inspect,
    group="observation",
    catches=("action_scale",),
    method=Method(
        formula="least share of the way from rest to a bound from which on all replays are alike; number of different "
        "laws among a table's actions",
        source="own",
        inputs=("timesteps", "arrays"),
        threshold="a tenth of the range is all, or six tenths do nothing; half of eight or more actions are copies. "
        "Set by what matters: a learner that draws evenly then wastes nine of ten draws.",
        failure="needs an environment that replays; a box of which a small part is useful though all of it differs",
    ),
    rank=55,
)
