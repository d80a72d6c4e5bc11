"""Are the observations of one size?

A network sees a component that is a million times larger than the others, or hardly moves beside its own mean, as the
only one, or as none. Small ones count only where something depends on them; tables do not care.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._sampled import matters, readable
from scoper.domain.empirical import EmpiricalModel
from scoper.domain.findings import Finding, Severity

LARGE = 1e3
VERY, HUGE, OFFSET = 1e4, 1e5, 1e3
_REMEDY = "scale observations to about 1 (VecNormalize does it for stable-baselines3)"


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A caution when sizes differ by four orders of magnitude or are beyond 100,000; an info from a thousand on."""
    model = readable(evidence)
    if model is not None and (found := _by_steps(model)):
        return [found]
    sizes = evidence.observation_magnitudes
    if sizes is None or not sizes.size:
        return []
    moving = sizes[sizes > 0]
    if not moving.size or (moving.max() <= LARGE and moving.max() / moving.min() <= LARGE):
        return []
    largest, smallest = float(moving.max()), float(moving.min())
    apart = model is None and evidence.table is None and (largest / smallest >= VERY or largest >= HUGE)
    claim = f"components of the observation reach from {smallest:.3g} to {largest:.3g}"
    numbers = {"largest": largest, "smallest": smallest, "component": int(np.argmax(sizes))}
    return [_finding("caution" if apart else "info", claim, numbers)]


def _by_steps(model: EmpiricalModel) -> Finding | None:
    """The caution, with the components that are apart; None where none is."""
    steps, names = model.steps, model.components
    spread, level = steps.before.std(axis=0), np.abs(steps.before.mean(axis=0))
    moving = np.flatnonzero(spread > 0.0)
    if not moving.size:
        return None
    top = int(moving[np.argmax(spread[moving])])
    largest = float(np.abs(steps.before[:, top]).max())
    if spread[top] / spread[moving].min() >= VERY or largest >= HUGE:
        used = [int(k) for k in moving if names[k] in matters(model)]
        small = min(used, key=lambda k: spread[k], default=top)
        if largest >= HUGE or spread[top] / spread[small] >= VERY:
            claim = f"{names[top]} varies by about {spread[top]:.3g}" + (
                f", {names[small]}, which matters too, by {spread[small]:.3g}" if small != top else ""
            )
            return _finding("caution", claim, {"largest": float(spread[top]), "smallest": float(spread[small])})
    far = [int(k) for k in moving if level[k] / spread[k] >= OFFSET]
    if far and (used := [k for k in far if names[k] in matters(model)]):
        k = used[0]
        claim = f"{names[k]} stands at {steps.before[:, k].mean():.6g} and varies by {spread[k]:.3g} only"
        return _finding("caution", claim, {"mean": float(steps.before[:, k].mean()), "spread": float(spread[k])})
    return None


def _finding(severity: Severity, claim: str, numbers: dict[str, float | int]) -> Finding:
    defect = "observation_scale" if severity == "caution" else None
    return Finding(
        code="observation_scale", defect=defect, severity=severity, claim=claim, evidence=numbers, remedy=_REMEDY
    )


DIAGNOSTIC = Diagnostic(
    id="observation_scale",
    question="Are the observations of one size?",
    summary="Compares how much the observation's components vary, and how large they are.",
    inspect=inspect,
    group="observation",
    catches=("observation_scale",),
    method=Method(
        formula="ratio of the components' standard deviations, of those on which reward, end or a component that does "
        "depend; largest value; mean over standard deviation",
        source="LeCun et al. 1998, Efficient BackProp, on inputs of equal size; thresholds own",
        inputs=("model", "timesteps"),
        threshold="four orders of magnitude apart, 100,000 in size, or a thousand standard deviations from zero. Clean "
        "problems of the dev half stay below 100.",
        failure="a small component on which little depends is left out; learners that normalise do not care",
    ),
    rank=56,
)
