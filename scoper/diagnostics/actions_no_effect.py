"""Do the actions do anything?

Only a table proves that they do not. Replayed episodes that stayed alike are told as what they are: nothing seen. Where
each of many ran to its own end that blocks the claim that something can be learned. It is called a defect where the
environment moves by itself, in sight, and no test over all timesteps finds that actions have a hand in it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._tables import actions_differ
from scoper.domain.findings import Finding, Severity
from scoper.domain.numbers import count
from scoper.numerics.action_effect import action_effects

MANY_PAIRS = 30
_MOVES = 0.2
"""Share of the timesteps in which the observation must change."""


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A blocker with a defect when proved on a table; without one, or a caution, when no effect was seen in replays."""
    if evidence.table is not None:
        if evidence.table.n_actions > 1 and not actions_differ(evidence.table):
            claim = "in every reachable state all actions have the same outcomes"
            return [_finding(claim, "blocker", "actions_no_effect", {"basis": "proved"})]
        return []
    alike = evidence.alike
    if evidence.actions_matter is not False or alike is None or _returns_differ(evidence):
        return []
    to_the_end = alike.complete and alike.n_pairs >= MANY_PAIRS
    untouched = to_the_end and _untouched(evidence)
    how_far = "to its own end" if alike.complete else "not to its end"
    claim = (
        f"no effect of actions seen in {count(alike.n_steps)} steps: {count(alike.n_pairs)} replays of a seed under "
        f"other actions stayed the same, each followed {how_far}"
        f"{', and what comes next does not depend on the action in any timestep of the model' if untouched else ''}"
    )
    numbers = {"basis": "measured", "pairs": alike.n_pairs, "timesteps": alike.n_steps, "complete": alike.complete}
    defect = "actions_no_effect" if untouched else None
    return [_finding(claim, "blocker" if to_the_end else "caution", defect, numbers)]


def _untouched(evidence: Evidence) -> bool:
    """Whether observations move within episodes, and no effect of the action on anything is found in all timesteps.

    What stands still in sight may hide a lock, of which nothing shows until the last right action.
    """
    model = evidence.model
    if model is None or model.table.n_actions < 2:
        return False
    moved = float(np.mean((model.steps.before != model.steps.after).any(axis=1)))
    if moved < _MOVES:
        return False
    found = action_effects(model.steps, np.random.default_rng(0), names=model.components)
    return bool(found.idle) and not found.any


def _returns_differ(evidence: Evidence) -> bool:
    """Whether two policies clearly returned different amounts, which actions without effect cannot bring about.

    A search is made only where all floors' episodes returned the same: one that returned something else counts too.
    """
    searched = evidence.exploration
    if searched is not None and np.ptp(searched.episodes.returns) > 0.0:
        return True
    known = [evidence.returns[name] for name in (*evidence.floors, *evidence.references, *evidence.learners)]
    return bool(known) and max(summary.low for summary in known) > min(summary.high for summary in known)


def _finding(claim: str, severity: Severity, defect: str | None, numbers: dict[str, object]) -> Finding:
    return Finding(
        code="actions_no_effect",
        defect=defect,
        severity=severity,
        claim=claim,
        evidence=numbers,
        remedy="connect the actions to the dynamics or the reward; if they truly do nothing, this is a prediction task",
    )


DIAGNOSTIC = Diagnostic(
    id="actions_no_effect",
    question="Do the actions do anything?",
    summary="Compares the outcomes of different actions, exactly on a table, by replay elsewhere.",
    inspect=inspect,
    group="signal",
    catches=("actions_no_effect",),
    method=Method(
        formula="P(s', r | s, a) equal for all a in every reachable s; by stepping: replays of one seed under other "
        "actions, and permutation tests of the action against every outcome",
        source="Westfall and Young 1993 for the permutations",
        inputs=("arrays or replays", "model"),
        threshold="equal but for rounding; by stepping 30 pairs of whole episodes alike, and no effect at 1 % over all "
        "timesteps while observations move",
        failure="an effect that shows in rare states only, or after the last timestep that was looked at",
    ),
    rank=8,
)
