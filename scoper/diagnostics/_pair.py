"""Two policies of which one earns at least as much reward and gives the owner clearly less: what shows a defect.

In a spec's own arrays these are the best for the reward and the best for the owner. Elsewhere both must have been
followed in the environment: a model may promise what noise wrote into it, so the first must clearly beat chance.
"""

from __future__ import annotations

from scoper.diagnostics._audit import LOSS, Audit
from scoper.diagnostics._by_clock import pair_by_clock
from scoper.diagnostics._rung import Rung, exceeds


def pair_of(audit: Audit) -> tuple[Rung, Rung] | None:
    """The policy that earns the most and the one the owner would choose, None where they do not disagree."""
    kept = audit.__dict__.get("_pair", False)
    if kept is False:
        kept = audit.__dict__["_pair"] = _found(audit)
    return kept  # type: ignore[no-any-return]


def told_pair(audit: Audit) -> tuple[Rung | None, Rung | None]:
    """The pair for sentences and figures: first what returned the most of all, where the owner loses by that too."""
    best, wished = pair_of(audit) or (audit.best, audit.wished)
    top = None if best is None else returned_more(audit, best)
    tells = top is not None and wished is not None and _disagree(audit, top, wished)
    return (top if tells else best), wished


def returned_more(audit: Audit, rung: Rung) -> Rung | None:
    """Of all that was followed, with a clock or without, what has the highest mean above a measured rung's; or None."""
    if rung.exact:
        return None
    higher = (each for each in audit.rungs.values() if not each.exact and exceeds(each.reward, rung.reward))
    return max(higher, key=lambda each: each.reward, default=None)


def _found(audit: Audit) -> tuple[Rung, Rung] | None:
    world = audit.world
    if world is not None and world.counts is None and world.table.sampled_steps == 0:
        return _computed(audit)
    if not audit.diverges:
        return None
    measured = [rung for rung in audit.steady if rung.episodes is not None and rung.wanted is not None]
    random = audit.rungs.get("random")
    pairs = [
        (ours, other)
        for other in sorted(measured, key=lambda rung: (-(rung.wanted or 0.0), -rung.reward))
        for ours in sorted(measured, key=lambda rung: -rung.reward)
        if _disagree(audit, ours, other) and (random is None or ours.earns_more(random))
    ]
    if all(audit.loses(rung) for rung in audit.deciding):
        return pairs[0] if pairs else None
    return pair_by_clock(audit) or (pairs[0] if pairs else None)


def _disagree(audit: Audit, ours: Rung, other: Rung) -> bool:
    lost = audit.share_lost(ours)
    return ours.reward >= other.reward and other.wanted_more(ours) and lost is not None and lost > LOSS


def _computed(audit: Audit) -> tuple[Rung, Rung] | None:
    """With arrays also where the reward leaves it open: an equally paid policy that the owner loses by."""
    best, wished, unkind = audit.best, audit.wished, audit.unkind
    if best is None or wished is None:
        return None
    if audit.diverges:
        return best, wished
    random, exact = audit.rungs.get("random"), audit.world is not None and audit.world.exact
    matters = exact and random is not None and best.earns_more(random)
    return (unkind, best) if unkind is not None and matters and audit.loses(unkind) else None
