"""What a comparison of two scopings finds, as values: changes of answers, of rules, of parts, and all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from scoper.reasoning.moves import Moves
from scoper.services.diffing_measures import MeasureChanges
from scoper.services.diffing_solutions import SolutionChange
from scoper.services.scopings import Scoping

Part = Literal["alone", "together", "no"]
PartChange = Literal["added", "removed", "changed", "same"]


@dataclass(frozen=True)
class AnswerChange:
    """One question answered otherwise; `before` and `after` are all respondents' answers, as in a case's JSON.

    `counts` are the two answers that count (unknown where respondents differ). `moves` says whether the change moved
    the verdict alone, only together with others, or is in no smallest set that did.
    """

    signal: str
    before: tuple[dict[str, str], ...]
    after: tuple[dict[str, str], ...]
    counts: tuple[str, str]
    moves: Part


@dataclass(frozen=True)
class RulesChange:
    """Digests of both packs; `compared` says whether both are at hand, then the ids of the rules that differ."""

    before: str
    after: str
    compared: bool
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()


@dataclass(frozen=True)
class PartDifference:
    """What became of one part of a project: `verdicts` of both sides (None where it is not), the rest where it changed.

    `difference` compares its answers as those of a case; `hands_to` are the ids that it hands over to, on both sides.
    """

    id: str
    title: str
    change: PartChange
    verdicts: tuple[dict[str, Any] | None, dict[str, Any] | None]
    hands_to: tuple[tuple[str, ...], tuple[str, ...]]
    difference: Difference | None = None

    @property
    def moved(self) -> bool:
        """Whether the part came, went, or has another verdict."""
        if self.difference is not None:
            return self.difference.verdict_moved
        return self.change != "same"


@dataclass(frozen=True)
class Difference:
    """All of it. `verdicts` are technique, family, readiness and settled of both; None without any answers.

    `moves` is complete up to the sizes that it tells. `back` are the smallest sets of changed answers that, taken back
    in the second, make it name another technique: what its verdict rests on. `notes` say what could not be compared,
    and how it was done then. `parts` are those of either project, by id; `verdicts` are then of what the parts share.
    `approach` are the kinds of files beside the rules (methods, risks, ...) that are others; no verdict rests on them.
    `solutions` are rungs, kinds and methods that come out otherwise where follow-ups are answered otherwise.
    """

    before: Scoping
    after: Scoping
    verdicts: tuple[dict[str, Any], dict[str, Any]] | None
    answers: tuple[AnswerChange, ...]
    lines: tuple[tuple[str, str, str], ...]
    rules: RulesChange | None
    moves: Moves | None
    back: tuple[tuple[tuple[str, ...], str | None], ...]
    measures: MeasureChanges | None
    notes: tuple[str, ...]
    parts: tuple[PartDifference, ...] = ()
    approach: tuple[str, ...] = ()
    solutions: tuple[SolutionChange, ...] = ()

    @property
    def both_in_parts(self) -> bool:
        """Whether both are projects in parts: then the parts are judged, not what they share."""
        return all(side.case is not None and bool(side.case.parts) for side in (self.before, self.after))

    @property
    def verdict_moved(self) -> bool:
        """Whether technique, family, readiness or settledness differ, or the verdict of a probe; of any part."""
        if any(part.moved for part in self.parts):
            return True
        if self.both_in_parts:
            return False
        probe = self.measures is not None and self.measures.verdict is not None
        return probe or (self.verdicts is not None and self.verdicts[0] != self.verdicts[1])

    @property
    def empty(self) -> bool:
        """Whether nothing differs at all."""
        rules = self.rules is not None and self.rules.before != self.rules.after
        measured = self.measures is not None and not self.measures.empty
        parts = any(part.change != "same" for part in self.parts)
        return not (self.answers or self.lines or rules or measured or parts or self.approach or self.verdict_moved)
