"""Rungs and sub-types for a case: the first option that fits, the others with why and why not, what is left to ask."""

from __future__ import annotations

from collections.abc import Sequence

from scoper.domain.approach import Choice, FollowUp, Selection, SelectionKind
from scoper.reasoning.options import NONE, Option, firsts, judged, telling
from scoper.reasoning.world import World
from scoper.services.follow_ups import any_question
from scoper.services.guide import Guide

MOST_ASKED = 6


def select(kind: SelectionKind, technique: str, options: Sequence[Option], world: World, guide: Guide) -> Selection:
    """The selection among options that come in order; exact over everything that is still open."""
    diagram = guide.first_of(options, world)
    reached = firsts(options, world, diagram)
    possible = tuple(option.id for option in options if option.id in reached)
    possible += (NONE,) if NONE in reached else ()
    ranked = [judged(option, world, guide.fit_of(option, world)) for option in options]
    chosen = _chosen(kind, options, ranked, possible)
    if kind != "rung":  # rungs stay in their order, the lowest first
        rank = {"fits": 0, "open": 1, "excluded": 2}
        ranked.sort(key=lambda choice: (choice.id != chosen, choice.id not in reached, rank[choice.standing]))
    return Selection(
        kind=kind,
        technique=technique,
        chosen=chosen,
        settled=len(reached) == 1,
        possible=possible,
        choices=tuple(ranked),
        asks=asked(telling(options, world, diagram), guide),
    )


def _chosen(
    kind: SelectionKind, options: Sequence[Option], ranked: Sequence[Choice], possible: Sequence[str]
) -> str | None:
    """The lowest rung that is still possible; of sub-types the first with a reason that holds already, if any."""
    left = [name for name in possible if name != NONE]
    if kind != "rung":
        reasoned = {choice.id for choice in ranked if choice.why}
        undemanding = {option.id for option in options if not option.needs_reason}
        left = sorted(left, key=lambda name: 0 if name in reasoned else 1 if name in undemanding else 2)
    return left[0] if left else None


def asked(facts: Sequence[str], guide: Guide) -> tuple[FollowUp, ...]:
    """The questions behind open facts, signals before follow-up questions, at most `MOST_ASKED`."""
    found = []
    for name in facts:
        question = any_question(name, guide.library.questions)
        if question is not None:
            row = FollowUp(id=name, text=question.text, effort=question.effort, find_out=question.find_out)
            found.append((question.order, row))
    return tuple(row for _, row in sorted(found, key=lambda pair: pair[0])[:MOST_ASKED])
