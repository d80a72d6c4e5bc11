"""Is something shown at the start, and needed later, that no later observation holds?"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._bearing import bears_on_return, is_gone
from scoper.diagnostics._sampled import order_of, readable
from scoper.domain.findings import Finding
from scoper.domain.numbers import share


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A caution where the first observation tells what later ones do not, and nothing else does better."""
    model = readable(evidence)
    if model is None:
        return []
    order = order_of(model)
    firsts = [d for d in order.found if d.kind == "first" and bears_on_return(model, d)]
    if not firsts or any(d.kind != "first" for d in order.found) or not is_gone(model, firsts):
        return []
    first = max(firsts, key=lambda d: d.share)
    return [
        Finding(
            code="observation_at_reset_only",
            defect="observation_at_reset_only",
            severity="caution",
            claim=f"{first.name} as shown at the start explains {share(first.gain)} of what later observations leave "
            f"open of {first.outcome}",
            evidence={"basis": "measured", "component": first.name, "outcome": first.outcome, "p": first.p},
            remedy=f"keep {first.name} of the first observation in every observation, or use a policy with memory",
        )
    ]


DIAGNOSTIC = Diagnostic(
    id="observation_at_reset_only",
    question="Is something shown at the start only, and needed later?",
    summary="Tests whether the first observation tells what later ones do not.",
    inspect=inspect,
    group="observation",
    catches=("observation_at_reset_only",),
    method=Method(
        formula="covariance of what the present leaves of an outcome and of the episode's first observation",
        source="Shah and Peters 2020 (generalised covariance measure), Westfall and Young 1993",
        inputs=("model",),
        threshold="corrected p below 0.01, a tenth of what is open and 2 % of all, and no nearer clue does nine tenths "
        "as well; the component varies half as much later. As of the Markov test.",
        failure="a cue that is shown for some timesteps, or later than at the start, is called a missing variable",
    ),
    rank=41,
)
