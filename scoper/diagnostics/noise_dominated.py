"""Does chance drown what a policy can change? How many episodes tell the best known policy from random actions?

A return may vary a lot and still be learned from, where the state explains it. Named is only what state and action
leave open: noise on the reward itself, so large that a learner's episodes cannot tell better from worse.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from scoper.diagnostics import Diagnostic, Evidence, Method, policy_independent_return
from scoper.diagnostics._rarity import TIMESTEPS
from scoper.diagnostics._same import Spread, noise_share, spread_of
from scoper.domain.findings import Finding
from scoper.domain.numbers import count, number, share
from scoper.numerics.return_spread import is_cheap, return_deviation

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
    """The same of arrays: gain and spread are exact; the spread is the smaller of random actions' and the best's."""
    world, rungs = evidence.audit.world, evidence.audit.rungs
    if world is None or not world.exact or not is_cheap(world.table, world.horizon):
        return []
    policies = (world.random, world.steady(min(world.discount, 1.0 - 1.0 / world.horizon)))
    deviations = [return_deviation(world.table, p, world.horizon, discount=world.discount) for p in policies]
    best = max(rung.reward for rung in rungs.values() if rung.exact)
    sd, gain = min(deviations), best - rungs["random"].reward
    if sd <= 0.0 or gain <= 1e-9 * sd or gain / sd > SMALL / 3.0:
        return []
    needed = math.ceil(POWER / (gain / sd) ** 2)
    claim = (
        f"the best policy returns {number(gain)} more than random actions, and the returns of one policy "
        f"vary by {number(sd)}: both are proved, and it takes about {count(needed)} episodes of each to tell them apart"
    )
    return [_named(claim, {"effect": gain / sd, "deviation": sd, "episodes_at_least": needed}, "proved")]


def _finding(spread: Spread, noise: float) -> Finding:
    bound = spread.effect + spread.effect_error
    needed = math.ceil(POWER / max(bound, 1e-9) ** 2)
    claim = (
        f"{share(noise)} of a single reward's variance is left open by state and action, and the best known policy "
        f"({spread.best}) returns {number(spread.gain)} ± {number(spread.gain_error)} more than random actions where "
        f"returns vary by {number(spread.sd)}: at least {count(needed)} episodes of each tell them apart"
    )
    numbers = {
        "effect": spread.effect,
        "effect_error": spread.effect_error,
        "noise_share": noise,
        "episodes_at_least": needed,
        "timesteps_assumed": TIMESTEPS,
    }
    return _named(claim, numbers, "measured")


def _named(claim: str, numbers: Mapping[str, float], basis: str) -> Finding:
    return Finding(
        code="noise_dominated",
        defect="noise_dominated",
        severity="caution",
        claim=claim,
        evidence={"basis": basis, **numbers},
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
        source="two-sample power, Cohen 1988, section 2.4; exact spread: Sobel 1982, theorem 1",
        inputs=("arrays", "model", "episodes"),
        threshold="d at most 0.3 but for a standard error, no policy stands out, and more than half of a reward's "
        "variance is left open by state and action; of arrays d at most 0.1; planted cases have d below 0.06, clean "
        "ones above 0.5",
        failure="a planner that finds nothing makes d small; hidden variables look like noise",
    ),
    rank=58,
)
