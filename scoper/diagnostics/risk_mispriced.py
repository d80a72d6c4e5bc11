"""Does a rare harm cost the reward much less than it costs the owner?

A term that charges for events exists, but the owner's number weighs it many times as much as the reward does; or
losses that chance brings weigh on the owner and hardly on the reward. Charged as the owner would, they are avoided.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._harm import Harm, harm_of
from scoper.diagnostics._naming import blocker, rewards
from scoper.diagnostics._signs import Signs, diverging
from scoper.domain.findings import Finding
from scoper.domain.numbers import number, share

UNDERPRICED, EXPLAINED, RARE = 3.0, 0.95, 0.35
"""Times the reward's weight; share of the objective's variance; share of timesteps by chance with such an event."""
MOST_TIMES, ELSEWHERE = 1e4, 0.6
"""The largest factor that is a price; correlation of reward and objective without the harm."""


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A blocker with the event, how often it happens and what it costs whom."""
    signs = diverging(evidence)
    if signs is None:
        return []
    return _by_term(evidence, signs) or _by_chance(evidence, signs)


def _by_term(evidence: Evidence, signs: Signs) -> Sequence[Finding]:
    for name, fit in signs.fits.items():
        term = signs.world.terms[name]
        happens = float(signs.random.times[term != 0.0].sum() / signs.random.times.sum())
        rare_charge = (
            0.0 < happens <= RARE and float(signs.mix @ term) < 0.0 and float(term[signs.mix > 0].max()) <= 0.0
        )
        if fit.explained < EXPLAINED or not UNDERPRICED <= fit.factor <= MOST_TIMES or not rare_charge:
            continue
        if _drowned(signs, name):
            continue
        priced = signs.changes.pays(
            f"{name} as the owner weighs it",
            lambda t=term, f=fit.factor: signs.reward + (f - 1.0) * t,  # type: ignore[misc]
        )
        if priced.restores:
            claim = f"'{name}' is charged {number(fit.factor)} times too little: {rewards(evidence)}"
            remedy = f"charge '{name}' about {number(fit.factor)} times as much"
            return [blocker(evidence, "risk_mispriced", claim, remedy, term=name, factor=fit.factor)]
    return []


def _drowned(signs: Signs, name: str) -> bool:
    """Whether another charge, of most of all amounts, weighs so much more than to the owner that this explains as much.

    With two terms only their ratio is known; a charge that outweighs all else is then the one that is out of scale.
    """
    sizes = {key: float(signs.mix @ np.abs(term)) for key, term in signs.world.terms.items()}
    return any(
        sizes[other] >= 0.5 * sum(sizes.values())
        and float(signs.mix @ signs.world.terms[other]) < 0.0
        and fit.factor <= 1.0 / UNDERPRICED
        and fit.explained >= signs.fits[name].explained - 0.01
        for other, fit in signs.fits.items()
        if other != name
    )


def _by_chance(evidence: Evidence, signs: Signs) -> Sequence[Finding]:
    harm = harm_of(signs)
    if harm is None or not harm.by_chance or not harm.shown_little or not harm.charged.restores:
        return []
    if harm.elsewhere < ELSEWHERE:
        return []
    claim = f"a harm of chance hardly counts in the reward: {words(harm)}; {rewards(evidence)}"
    remedy = "charge these events as much as they cost the owner, or end the episode there"
    numbers: dict[str, Any] = {"frequency": harm.frequency, "frequency_wished": harm.frequency_wished}
    return [blocker(evidence, "risk_mispriced", claim, remedy, **numbers)]


def words(harm: Harm) -> str:
    """How often it happens and how often it need happen."""
    often = f"it happens in {share(harm.frequency)} of the timesteps of what earns the most"
    return f"{often}, {share(harm.frequency_wished)} of the wished ones"


DIAGNOSTIC = Diagnostic(
    id="risk_mispriced",
    question="Does a rare harm cost the reward much less than the owner?",
    summary="Compares what events cost the reward and the owner, and charges them as the owner would.",
    inspect=inspect,
    group="optimum",
    catches=("risk_mispriced",),
    method=Method(
        formula="U regressed on R − term and term; frequency of the owner's rare losses under best and wished policy",
        source="own; risk tolerance at indifference points after Knox et al. 2023",
        inputs=("arrays", "model", "terms", "objective"),
        threshold="weight at least threefold with R² of 0.95, events in at most 35 % of the timesteps by chance, and "
        "the repair brings the objective back; by chance: correlation of 0.6 without the harm. Both halves.",
        failure="without objective a price says nothing about what an event costs the owner",
    ),
    rank=26,
)
