"""Does chance drown what a policy can change? How many episodes tell the best known policy from random actions?

A return may vary a lot and still be learned from, where the state explains it. Named is only what state and action
leave open: noise on the reward itself, so large that a learner's episodes cannot tell better from worse.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence, Method, policy_independent_return
from scoper.diagnostics._rarity import TIMESTEPS
from scoper.diagnostics._same import Spread, noise_share, spread_of
from scoper.domain.findings import Finding
from scoper.domain.numbers import count, number, share

SMALL, NOISY = 0.3, 0.5
"""Standard deviations of the return that count as a small gain, and the share of a reward's variance that is noise."""
POWER = 15.7
"""Episodes of each of two policies times the squared effect: 2 (1.96 + 0.84)^2, for 5 % error and 80 % power."""
_LEAST = 1.0


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A caution when the best known gain is a small part of the noise."""
    if evidence.table is not None:
        return _on_table(evidence)
    spread, noise = spread_of(evidence), noise_share(evidence)
    if spread is None or spread.sd <= 0.0 or not noise > NOISY:
        return []
    if spread.stands_out or spread.effect > SMALL + _LEAST * spread.effect_error:
        return []
    if policy_independent_return.inspect(evidence):  # no noise on the reward: it is paid for what comes anyway
        return []
    return [_finding(spread, noise)]


def _on_table(evidence: Evidence) -> Sequence[Finding]:
    """The same of arrays: the gain is proved, the spread is that of the random floor's episodes."""
    random, episodes = evidence.returns.get("random"), evidence.episodes.get("random")
    if random is None or episodes is None or evidence.optimal is None or episodes.returns.size < 2:
        return []
    sd, gain = float(episodes.returns.std(ddof=1)), evidence.optimal - random.mean
    if sd <= 0.0 or gain <= 1e-9 * sd or gain / sd > SMALL / 3.0:
        return []
    return [_finding(Spread(2, episodes.returns.size, False, sd, gain, 0.0, "optimal"), 1.0)]


def _finding(spread: Spread, noise: float) -> Finding:
    bound = spread.effect + spread.effect_error
    needed = math.ceil(POWER / max(bound, 1e-9) ** 2)
    claim = (
        f"{share(noise)} of a single reward's variance is left open by state and action, and the best known policy "
        f"({spread.best}) returns {number(spread.gain)} ± {number(spread.gain_error)} more than random actions where "
        f"returns vary by {number(spread.sd)}: at least {count(needed)} episodes of each tell them apart"
    )
    return Finding(
        code="noise_dominated",
        defect="noise_dominated",
        severity="caution",
        claim=claim,
        evidence={
            "basis": "measured",
            "effect": spread.effect,
            "effect_error": spread.effect_error,
            "noise_share": noise,
            "episodes_at_least": needed,
            "timesteps_assumed": TIMESTEPS,
        },
        remedy="take known noise off the reward (a control variate), average it over timesteps, or plan for so many "
        "episodes",
    )


DIAGNOSTIC = Diagnostic(
    id="noise_dominated",
    question="Does chance drown what a policy can change?",
    summary="The best known gain in standard deviations of the return, and the episodes that would show it.",
    inspect=inspect,
    group="signal",
    catches=("noise_dominated",),
    method=Method(
        formula="d = (J(best) - J(random)) / sd of episode returns; n = 15.7 / d^2 episodes of each",
        source="two-sample power, Cohen 1988, section 2.4",
        inputs=("model", "episodes"),
        threshold="d at most 0.3 but for a standard error, no policy stands out, and more than half of a reward's "
        "variance is left open by state and action; planted cases have d below 0.06, clean ones above 0.5",
        failure="a planner that finds nothing makes d small; hidden variables look like noise",
    ),
    rank=58,
)
