"""A project in parts: what each part calls for, and how the parts hang together."""

from __future__ import annotations

from scoper.domain.decision import Verdict
from scoper.domain.questionnaire import Case, HandOver, Value


class PartVerdict(Value):
    """A part as a case of its own, with its verdict. `own` are the signals that the part answers itself."""

    id: str
    title: str
    case: Case
    own: tuple[str, ...]
    verdict: Verdict
    hands_to: tuple[HandOver, ...] = ()


class Project(Value):
    """The parts in the order of the case.

    circles: groups of parts each of which hands over, directly or not, to every other of its group. alone: parts that
    neither hand over nor take over anything, where there are several.
    """

    parts: tuple[PartVerdict, ...]
    circles: tuple[tuple[str, ...], ...] = ()
    alone: tuple[str, ...] = ()

    @property
    def hand_overs(self) -> tuple[tuple[str, HandOver], ...]:
        """Every hand-over with the id of the part that makes it."""
        return tuple((part.id, over) for part in self.parts for over in part.hands_to)
