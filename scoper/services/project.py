"""The use case of a project in parts: a verdict for each part, and what the hand-overs say of the whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from scoper.domain.decision import Verdict
from scoper.domain.project import PartVerdict, Project
from scoper.domain.questionnaire import Case, Part
from scoper.services.library import Library
from scoper.services.scoping import assess

Judge = Callable[[Case, Library], Verdict]


def project_of(case: Case, library: Library, judge: Judge = assess) -> Project | None:
    """Every part as a case of its own, judged by `judge`; None for a case without parts."""
    if not case.parts:
        return None
    verdicts = tuple(_judged(case, part, library, judge) for part in case.parts)
    return Project(parts=verdicts, circles=_circles(case.parts), alone=_alone(case.parts))


def as_document(project: Project) -> dict[str, Any]:
    """The project as plain JSON; the cases of its parts can be made from the case itself and are left out."""
    document: dict[str, Any] = project.model_dump(mode="json", exclude={"parts": {"__all__": {"case"}}})
    return document


def _judged(case: Case, part: Part, library: Library, judge: Judge) -> PartVerdict:
    seen = case.of_part(part)
    own = tuple(signal for signal in library.questions if signal in part.answers)
    return PartVerdict(
        id=part.id, title=part.title, case=seen, own=own, verdict=judge(seen, library), hands_to=part.hands_to
    )


def _circles(parts: Sequence[Part]) -> tuple[tuple[str, ...], ...]:
    """The groups of parts that reach each other, those of one part left out, in the order of the case."""
    reached = _reached(parts)
    found: list[tuple[str, ...]] = []
    for part in parts:
        group = tuple(p.id for p in parts if p.id in reached[part.id] and part.id in reached[p.id])
        if len(group) > 1 and group not in found:
            found.append(group)
    return tuple(found)


def _reached(parts: Sequence[Part]) -> Mapping[str, set[str]]:
    """Which parts each one hands over to, directly or not."""
    direct = {part.id: {over.to for over in part.hands_to} for part in parts}
    reached = {name: set(targets) for name, targets in direct.items()}
    for _ in parts:
        for targets in reached.values():
            targets |= {further for target in tuple(targets) for further in direct[target]}
    return reached


def _alone(parts: Sequence[Part]) -> tuple[str, ...]:
    taken = {over.to for part in parts for over in part.hands_to}
    lonely = tuple(part.id for part in parts if not part.hands_to and part.id not in taken)
    return lonely if len(parts) > 1 else ()
