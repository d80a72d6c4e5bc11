"""Did anything that learned do better than everything that did not?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence
from scoper.diagnostics.constant_optimal import optimal_floor
from scoper.domain.findings import Finding
from scoper.domain.numbers import number


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """The chance that the learner's next seed beats the best floor (Mann and Whitney 1947), and by how much."""
    learner = evidence.best_learner
    floors = [name for name in evidence.floors if name != "myopic"]
    if learner is None or not floors:
        return []
    floor = max(floors, key=lambda name: evidence.returns[name].mean)
    ours = np.asarray(evidence.samples.get(learner, (evidence.returns[learner].mean,)))
    bar = evidence.returns[floor]
    better = float(np.mean((ours > bar.mean) + 0.5 * (ours == bar.mean)))
    numbers: dict[str, Any] = {
        "learner": learner,
        "floor": floor,
        "learner_low": evidence.returns[learner].low,
        "floor_high": bar.high,
        "share_of_seeds_above": better,
    }
    if last := evidence.last.get(learner):
        numbers["last_checkpoint"] = float(np.mean(last))
    mean = number(evidence.returns[learner].mean)
    if evidence.returns[learner].low > bar.high:
        claim = f"{learner} returns {mean}, above every floor (best: {floor}, {number(bar.mean)})"
        return [Finding(code="learner_beats_floors", severity="info", claim=claim, evidence=numbers)]
    if optimal_floor(evidence) is not None:
        return []
    return [
        Finding(
            code="learner_not_above_floors",
            severity="caution",
            claim=f"{learner} returns {mean}, not clearly above {floor} ({number(bar.mean)})",
            evidence=numbers,
            remedy="a larger budget, more seeds, a shaped reward, or simpler observations",
        )
    ]


DIAGNOSTIC = Diagnostic(
    id="learner_beats_floors",
    question="Did learning do better than not learning?",
    summary="Compares the best learner's interval with the best floor's.",
    inspect=inspect,
)
