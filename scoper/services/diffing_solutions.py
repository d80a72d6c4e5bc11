"""What changed follow-up answers mean for how to go about it: rung, kind of solution and methods, before and after.

Follow-ups never move a verdict; what they move is the first choice, or which others are still possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scoper.domain.approach import Selection
from scoper.domain.decision import Verdict
from scoper.domain.questionnaire import Case
from scoper.services.library import Library

_Chosen = dict[tuple[str, str], Selection]


@dataclass(frozen=True)
class SolutionChange:
    """One choice that came out otherwise; `by` are the changed follow-ups that move it, alone in A or taken back in B.

    The two are of the same kind and for the same technique.
    """

    before: Selection
    after: Selection
    by: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """As JSON: what comes first on either side, and what else is still possible there."""
        sides = {
            name: {"chosen": side.chosen, "possible": list(side.possible)}
            for name, side in (("a", self.before), ("b", self.after))
        }
        return {"kind": self.before.kind, "technique": self.before.technique, **sides, "by": list(self.by)}


def solution_changes(before: Case, after: Case, old: Library, new: Library) -> Iterator[SolutionChange]:
    """Choices for the same technique that differ; none where no follow-up is answered otherwise."""
    changed = [
        signal
        for signal in dict.fromkeys((*before.answers, *after.answers))
        if signal not in new.questions and before.value_of(signal) != after.value_of(signal)
    ]
    if not changed:
        return
    from scoper.services.scoping import assess

    first, last = assess(before, old), assess(after, new)
    one, two = _chosen(before, old, first), _chosen(after, new, last)
    tried = {
        signal: (
            _chosen(_with(before, after, signal), old, first),
            _chosen(_with(after, before, signal), new, last),
        )
        for signal in changed
    }
    for key in one:
        if key in two and _come(one, key) != _come(two, key):
            by = tuple(
                signal
                for signal, (put, taken) in tried.items()
                if _come(put, key) != _come(one, key) or _come(taken, key) != _come(two, key)
            )
            yield SolutionChange(one[key], two[key], by)


def _chosen(case: Case, library: Library, verdict: Verdict) -> _Chosen:
    from scoper.services.approach import approach_of

    approach = approach_of(case, library, verdict, with_risks=False)
    return {(each.kind, each.technique): each for each in approach.selections}


def _with(case: Case, other: Case, signal: str) -> Case:
    """The case with one signal answered as in the other, which may be not at all."""
    answers = {name: given for name, given in case.answers.items() if name != signal}
    if signal in other.answers:
        answers[signal] = other.answers[signal]
    return case.model_copy(update={"answers": answers})


def _come(chosen: Mapping[tuple[str, str], Selection], key: tuple[str, str]) -> tuple[object, ...]:
    """What a selection comes to; None where there is no such selection."""
    selection = chosen.get(key)
    return (None,) if selection is None else (selection.chosen, selection.possible)
