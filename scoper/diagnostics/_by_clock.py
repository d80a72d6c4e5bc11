"""Where plans that may look at the clock disagree, though without it the loss is less plain.

Both plans, the one for the reward and the one for the owner, come nearer to what is best for either than policies
without a clock do, and were followed on fresh episodes. What they show counts where no learner would escape it: what
is best without a clock must lose by half as much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scoper.diagnostics._audit import Audit
    from scoper.diagnostics._rung import Rung

LOST, WITHOUT = 0.2, 0.1
"""Share of the attainable objective that the plans by timestep lose, and that policies without a clock lose."""


def pair_by_clock(audit: Audit) -> tuple[Rung, Rung] | None:
    """The plan for the reward and the one for the owner, where the first clearly loses a fifth by the second."""
    ours, other = audit.rungs.get("planned for the reward"), audit.rungs.get("planned for the objective")
    random, best = audit.rungs.get("random"), audit.best
    if ours is None or other is None or random is None or best is None or best.earns_more(ours):
        return None
    if ours.wanted is None or other.wanted is None or random.wanted is None or not (ours.timed and other.timed):
        return None
    if not (ours.earns_more(random) and ours.reward >= other.reward and other.wanted_more(random)):
        return None
    clear = other.wanted_more(ours) and other.wanted - ours.wanted > LOST * (other.wanted - random.wanted)
    return (ours, other) if clear else None


def disagree_by_clock(audit: Audit, known: list[Rung]) -> bool:
    """Whether these plans disagree and each of the rungs without a clock loses half as much too."""
    losses = [audit.share_lost(rung) for rung in known]
    return all(lost is not None and lost > WITHOUT for lost in losses) and pair_by_clock(audit) is not None
