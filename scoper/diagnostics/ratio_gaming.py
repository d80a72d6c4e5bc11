"""Is a ratio paid, which is best served by making its denominator small or its numerator certain?

The rewards are fractions whose denominators differ (1/2, 2/3, 3/5 ...), bounded by one. What earns the most is near
that bound and does other things than the owner wants: it turns work away, or lays in far too much.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._naming import blocker, caution, rewards
from scoper.diagnostics._signs import Signs, diverging, signs_of
from scoper.domain.findings import Finding
from scoper.domain.numbers import number, share
from scoper.domain.tabular import Floats

BOUND, OTHERWISE = 0.5, 0.1
"""Reward per timestep as a share of the largest; distance of the two policies' shares of actions."""
_LARGEST, _LEAST_LEVELS, _MOST_LEVELS, _EXACT, _COMMON = 24, 4, 400, 1e-5, 24


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A blocker with how near the ratio comes to one; blind: a ratio near its bound, as a caution."""
    signs = diverging(evidence)
    if signs is None:
        return [] if evidence.objective_declared else _shape(signs_of(evidence))
    paid, near = _ratio(signs), _nearness(signs)
    wished = signs.wished
    if paid is None or wished is None or near < BOUND:
        return []
    apart = 0.5 * float(np.abs(signs.best.action_shares - wished.action_shares).sum())
    if apart < OTHERWISE:
        return []
    claim = (
        f"a ratio is paid, and what earns the most has {share(near)} of its bound by acting otherwise than wished in "
        f"{share(apart)} of its timesteps; {rewards(evidence)}"
    )
    remedy = "pay for the amounts themselves: each success, less each failure and what turning away costs"
    numbers: dict[str, Any] = {"levels": list(paid), "action_distance": apart}
    return [blocker(evidence, "ratio_gaming", claim, remedy, shown=_of_counts(signs), **numbers)]


def _of_counts(signs: Signs) -> bool:
    """Whether levels are seen to be fractions with differing denominators, not means over chance that one bounds."""
    own: list[Floats] = [signs.samples.reward, *(term[signs.mix > 0.0] for term in signs.world.terms.values())]
    return any(_fractions(amounts, averaged=False) is not None for amounts in own)


def _ratio(signs: Signs) -> tuple[float, ...] | None:
    """Some of the levels of the reward, or of a term of it, where these are fractions of differing denominators."""
    own: list[Floats] = [signs.samples.reward, *(term[signs.mix > 0.0] for term in signs.world.terms.values())]
    averaged = signs.audit.evidence.model is None
    return next((levels for amounts in own if (levels := _fractions(amounts, averaged)) is not None), None)


def _fractions(amounts: Floats, averaged: bool) -> tuple[float, ...] | None:
    """The first levels of fractions; `averaged`: means over chance, of which only the bound of one can be seen."""
    top = float(amounts.max(initial=0.0))
    if top <= 0.0 or float(amounts.min()) < -1e-12 * top:
        return None
    levels = np.unique(np.round(amounts / top, 7))
    if not _LEAST_LEVELS <= levels.size <= _MOST_LEVELS:
        return None
    denominators = [_denominator(float(level)) for level in levels]
    if any(found is None for found in denominators):
        return tuple(float(level) for level in levels[:8]) if averaged and abs(top - 1.0) <= 1e-9 else None
    together = _common(found for found in denominators if found is not None)
    return tuple(float(level) for level in levels[:8]) if together > _COMMON else None


def _denominator(level: float) -> int | None:
    near = Fraction(level).limit_denominator(_LARGEST)
    return near.denominator if abs(float(near) - level) <= _EXACT else None


def _common(denominators: Iterable[int]) -> int:
    return math.lcm(*denominators)


def _nearness(signs: Signs) -> float:
    """Reward per timestep of what earns the most, as a share of the largest reward of a timestep."""
    return signs.best.total(signs.reward) / max(float(signs.best.times.sum()), 1e-300) / max(signs.per_step, 1e-300)


def _shape(signs: Signs | None) -> Sequence[Finding]:
    if signs is None or (paid := _ratio(signs)) is None or (near := _nearness(signs)) < BOUND:
        return []
    some = ", ".join(number(level) for level in paid[:4])
    claim = (
        f"the rewards look like a ratio of counts ({some} ... of the largest), and what earns the most has "
        f"{share(near)} of its bound: a ratio rises as well when less is attempted"
    )
    return [caution("ratio_gaming", claim, levels=list(paid))]


DIAGNOSTIC = Diagnostic(
    id="ratio_gaming",
    question="Is a ratio paid, which can be raised by attempting less?",
    summary="Looks for rewards that are fractions with differing denominators and a best policy near the bound.",
    inspect=inspect,
    group="gaming",
    catches=("ratio_gaming",),
    method=Method(
        formula="least common denominator of the levels of the reward; reward per timestep over its bound; distance of "
        "the shares of actions",
        source="own",
        inputs=("arrays", "model", "objective"),
        threshold="common denominator above 24, half of the bound, a tenth of the actions otherwise. Means over chance "
        "that are bounded by one only fit. Both halves of tests/feasibility.",
        failure="ratios of real numbers or of long counts are no simple fractions and are missed",
    ),
    rank=28,
)
