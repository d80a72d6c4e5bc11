"""Was the search stuck halfway to what both the reward and the owner want?

What was found beyond the floors rests on rewards that chance hardly ever meets, the owner was never seen to get more
than from a floor, and states or actions are left to be tried: then what earns the most of what was found says nothing
of what would earn the most. That more lies behind is not known either, so it takes all three.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scoper.diagnostics._audit import Audit


def is_unfinished(audit: Audit) -> bool:
    """Whether what earns the most may only be the beginning of a way that was not found."""
    from scoper.diagnostics._closed import closed
    from scoper.diagnostics._rarity import hidden_reward

    evidence, wished = audit.evidence, audit.wished
    if evidence.model is None or wished is None:
        return False
    floors = [r for r in audit.rungs.values() if r.name in ("random", "idle") or r.name.startswith("constant")]
    if all(wished.wanted_more(rung) for rung in floors):
        return False
    hidden = hidden_reward(evidence)
    return hidden is not None and hidden.is_rare and not closed(evidence)
