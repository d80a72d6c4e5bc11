"""What would change a verdict: all smallest sets of answers to change, and what that takes.

The contrastive explanations of a verdict (Miller 2019; Ignatiev et al. 2020), here for the technique that is named, so
that they exist for verdicts that are not settled as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scoper.domain.decision import Flip
from scoper.domain.questionnaire import UNKNOWN
from scoper.reasoning.flip_search import all_flips
from scoper.reasoning.knowledge import Knowledge

_EFFORTS = ("answer", "minutes", "days", "weeks", "fixed")


@dataclass(frozen=True)
class Lever:
    """What a team can do about one answer: the values it can bring about, what that takes, and how."""

    to: frozenset[str]
    effort: str
    how: str


def flips(knowledge: Knowledge, levers: Mapping[str, Lever]) -> tuple[Flip, ...]:
    """All subset-minimal changes of answers after which another technique is named, the smallest first.

    A change gives a known answer another value or an unknown one a value; no part of a flip's signals is itself a
    flip. Of several values with the same effect the first in the question's order is listed.
    """
    return tuple(Flip(change=a, to=t, effort=effort(knowledge, a, levers)) for a, t in all_flips(knowledge))


def effort(knowledge: Knowledge, answers: Mapping[str, str], levers: Mapping[str, Lever]) -> str:
    """The largest effort in a set of changes: `answer` when only unknowns are answered, `fixed` when none can do it."""
    needed = ["answer"]
    for signal, value in answers.items():
        if knowledge.facts.get(signal, UNKNOWN) != UNKNOWN:
            lever = levers.get(signal)
            needed.append(lever.effort if lever and value in lever.to else "fixed")
    return max(needed, key=_EFFORTS.index)
