"""Will a learner ever meet the reward that it is to learn from?

Learners look around by chance at first. Where chance meets what pays in less than a handful of episodes of the whole
budget, there is nothing to learn from, however clear the reward is once it was met.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._rarity import HIDDEN, TIMESTEPS, Hidden, hidden_reward
from scoper.domain.findings import Finding
from scoper.domain.numbers import count, number, share

LEARNED = 0.9
"""Share of the gap from which on a learner counts as having found the reward."""


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A caution with the chance that random actions meet the reward, and the episodes that this takes.

    A remark only where chance meets it now and then and a learner has come nearly all the way.
    """
    hidden = hidden_reward(evidence)
    if (
        hidden is None
        or not hidden.is_rare
        or hidden.share < HIDDEN
        or is_deceptive(hidden_reward(evidence, held=False))
    ):
        return []
    gap = evidence.gap_share
    learned = gap is not None and gap.estimate >= LEARNED and hidden.meetings >= 1.0
    what = f"rewards of {number(hidden.level)} and more hold {share(hidden.share)} of what can be gained"
    return [
        Finding(
            code="hard_exploration",
            defect=None if learned else "hard_exploration",
            severity="info" if learned else "caution",
            claim=f"{what}, and random actions meet one in {chance_words(hidden)}",
            evidence=numbers_of(hidden),
            remedy="start some episodes near the goal, pay for the way (potential-based, Ng et al. 1999), or explore "
            "by counts of what was seen; more timesteps alone help little",
        )
    ]


def is_deceptive(hidden: Hidden | None) -> bool:
    """Whether something that pays leads away from the hidden reward: that kind has its own name."""
    return hidden is not None and hidden.is_rare and hidden.is_lured


def chance_words(hidden: Hidden) -> str:
    """How rarely random play meets the reward, in words."""
    if hidden.chance <= 0.0:
        return "no episode" if hidden.log10_chance == float("-inf") else f"1 of 10^{-hidden.log10_chance:.0f} episodes"
    episodes = 1.0 / hidden.chance
    told = count(round(episodes)) if episodes < 1e7 else f"10^{-hidden.log10_chance:.0f}"
    return f"1 of {told} episodes: {number(hidden.meetings)} times in {count(TIMESTEPS)} timesteps"


def numbers_of(hidden: Hidden) -> dict[str, object]:
    """The numbers of the finding."""
    return {
        "basis": "proved" if hidden.exact else "measured",
        "reward": hidden.level,
        "share_of_gain": hidden.share,
        "log10_chance_per_episode": max(hidden.log10_chance, -1e6),
        "episodes_for_95_percent": hidden.needed if hidden.needed < 1e300 else None,
        "return_of_best_known": hidden.best.reward,
        "best_known": hidden.best.name,
        "return_of_floor": hidden.floor.reward,
        "timesteps_assumed": TIMESTEPS,
    }


DIAGNOSTIC = Diagnostic(
    id="hard_exploration",
    question="Will chance meet the reward that is to be learned from?",
    summary="The chance that random actions meet the rewards that make up what can be gained.",
    inspect=inspect,
    group="reach",
    catches=("hard_exploration",),
    method=Method(
        formula="level r*: least reward that no floor meets ten times in the budget; share = E[sum (r - below)+] of "
        "the best policy over its gain; chance = P(an episode under uniform actions holds r >= r*), forward recursion",
        source="exact random reach, own; sparse rewards and dithering: Osband et al. 2016, section 4",
        inputs=("arrays or model", "episodes"),
        threshold="fewer than 10 meetings in 100,000 timesteps and at least half of the gain: planted cases lie below "
        "1e-3 an episode, clean ones of the development half above 2e-2",
        failure="a model knows only what stepping found: a goal that no search met is not seen here; a shaped reward "
        "whose steps lead away from the goal looks easier than it is",
    ),
    rank=30,
)
