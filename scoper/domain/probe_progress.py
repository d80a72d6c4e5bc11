"""Events that tell how far a probe is and what would end it; part of the protocol in `scoper.domain.probe`.

They hold counts and words, never a measured time: the same plan and seed give the same ones. Whoever shows them makes
remaining times of them with the events' own times.
"""

from __future__ import annotations

from typing import Literal

from scoper.domain.questionnaire import Value


class Event(Value):
    """What every event has: its number in the stream, and the seconds since the probe began."""

    seq: int = 0
    t_s: float = 0.0


class StageProgressed(Event):
    """`done` of at most `of` units of a stage are behind; `doing` names what comes next.

    Learning is told by curve points instead.
    """

    kind: Literal["progress"] = "progress"
    stage: str
    done: int
    of: int
    unit: str = "policies"
    doing: str = ""


class StopRule(Event):
    """When a stage ends: as soon as one of these, each in words, is the case. A later one of a stage replaces it."""

    kind: Literal["stops"] = "stops"
    stage: str
    when: tuple[str, ...]
