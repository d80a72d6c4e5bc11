"""The ladder of LLM orchestration: the lowest rung that fits, and what would measurably force a climb."""

from __future__ import annotations

from scoper.domain.approach import Selection
from scoper.reasoning.options import NONE
from scoper.reasoning.world import World
from scoper.services.guide import Guide
from scoper.services.selecting import select

LADDER = "llm_orchestration"


def lowest_rung(world: World, guide: Guide) -> Selection:
    """The rungs with what speaks for and against each; chosen is the lowest that fits."""
    return select("rung", LADDER, guide.ladder, world, guide)


def rung_of(selection: Selection | None) -> frozenset[str]:
    """The rungs that are still possible, by name; all of them where there is no selection or none fits."""
    from scoper.services.risk_files import RUNGS  # the register alone needs names

    if selection is None:
        return frozenset(RUNGS)
    levels = {choice.id: choice.level for choice in selection.choices}
    left = frozenset(RUNGS[levels[name]] for name in selection.possible if name != NONE and levels[name] < len(RUNGS))
    return left or frozenset(RUNGS)
