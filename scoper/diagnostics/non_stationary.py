"""Do the rules stay the same over the simulator's life?

Two tests on what state and action leave of rewards, ends and next observations: early episodes against late ones
within each way to act, and neighbouring episodes of random play against distant ones, which shows what swaps.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._sampled import drift_of, readable, wander_of
from scoper.domain.findings import Finding
from scoper.domain.numbers import count


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A caution with the outcomes that change."""
    model = readable(evidence)
    if model is None:
        return []
    drift, wander = drift_of(model), wander_of(model)
    if not drift.drifts and not wander.waves:
        return []
    if drift.drifts:
        first = drift.drifts[0]
        where = f"{first.outcome} of late episodes differs from early ones by {first.effect:+.2g}"
        n_episodes = drift.n_episodes
    else:
        wave, n_episodes = wander.waves[0], wander.n_episodes
        where = f"{wave.outcome} goes along with that of the episodes before it, by {wave.size:.2g}"
    return [
        Finding(
            code="non_stationary",
            defect="non_stationary",
            severity="caution",
            claim=f"the rules change over the simulator's life: with state and action alike, {where} standard "
            f"deviations ({count(n_episodes)} episodes)",
            evidence={
                "basis": "measured",
                "drifts": [
                    {"outcome": d.outcome, "effect": d.effect, "slope": d.slope, "p": d.p} for d in drift.drifts
                ],
                "waves": [{"outcome": w.outcome, "size": w.size, "p": w.p} for w in wander.waves],
            },
            remedy="look for what reset leaves as it was; if the change is meant, show what it depends on",
        )
    ]


DIAGNOSTIC = Diagnostic(
    id="non_stationary",
    question="Do the rules stay the same over the simulator's life?",
    summary="Compares early and late, and neighbouring and distant episodes, with state and action alike.",
    inspect=inspect,
    group="observation",
    catches=("non_stationary",),
    method=Method(
        formula="difference of halves and slope over the episodes, and mean product of neighbouring episodes, of what "
        "state and action leave of an outcome, against episodes in random order",
        source="permutation tests with maxT (Westfall and Young 1993); neighbours after von Neumann 1941",
        inputs=("model",),
        threshold="corrected p below 0.005 and 0.15 standard deviations of a step, and where cells are bins "
        "a hundredth of the whole variance; false alarms by simulation "
        "(tests/benchmarks/observation_rates.py).",
        failure="changes slower than the collection, or swaps within fewer than two episodes; where the observation is "
        "not enough only random play is looked at",
    ),
    rank=40,
)
