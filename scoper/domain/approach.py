"""How to go about a verdict: methods, rungs and sub-types, each with what speaks for and against it.

Values only. They are computed in `scoper.reasoning.options` and `scoper.reasoning.methods`, exactly over every way in
which the open facts may turn out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from scoper.domain.questionnaire import Question, Value

Standing = Literal["fits", "open", "excluded"]
SelectionKind = Literal["methods", "rung", "sub_type", "missing"]


class FollowUpQuestion(Question):
    """A question beside the signals: it never changes the technique, only how to go about it.

    It is asked only where one of the techniques in `applies_to` is still possible.
    """

    applies_to: tuple[str, ...] = ()


class Ground(Value):
    """One thing that speaks for or against a choice.

    `facts` are the facts it rests on with what is known of each ("partly", or "yes or partly" while it is open).
    `certain` is False while those facts are still open. `points` weigh a preference among methods.
    """

    text: str
    facts: Mapping[str, str] = {}
    certain: bool = True
    points: int = 0
    source: str = ""
    basis: str = ""


class Choice(Value):
    """One method, rung or sub-type: whether it fits, why, why not, and what is still to be found out.

    `level` is the rung's number. `texts` holds what the file says besides (cost, library, climb, ...), by key.
    """

    id: str
    name: str
    summary: str
    standing: Standing
    level: int = 0
    family: str | None = None
    points: int = 0
    why: tuple[Ground, ...] = ()
    why_not: tuple[Ground, ...] = ()
    open: tuple[Ground, ...] = ()
    texts: Mapping[str, tuple[str, ...]] = {}
    source: str = ""
    basis: str = ""


class Fact(Value):
    """Something known, or half known, that choices rest on: its values that are still possible and where from."""

    id: str
    values: tuple[str, ...]
    basis: str = "declared"


class FollowUp(Value):
    """An open follow-up question that can still move a choice, and what finding out takes."""

    id: str
    text: str
    effort: str = ""
    find_out: str = ""


class Selection(Value):
    """Choices of one kind for one technique, best first.

    `chosen` is the one that comes first in every completion of the open facts, or the first that still can (then not
    `settled`); None when none fits in any. `possible` are those that come first in some completion.
    """

    kind: SelectionKind
    technique: str
    chosen: str | None
    settled: bool
    possible: tuple[str, ...]
    choices: tuple[Choice, ...]
    asks: tuple[FollowUp, ...] = ()

    def choice(self, identifier: str | None) -> Choice | None:
        """The choice with this id."""
        return next((each for each in self.choices if each.id == identifier), None)


class Entry(Value):
    """One row of the risk register.

    `standing` is `fits` where the trigger's condition certainly holds, `open` where open facts decide. `facts` are
    those of its condition. `catalogue` names the published list and number, such as "MAST FM-1.3".
    """

    id: str
    title: str
    techniques: tuple[str, ...]
    standing: Standing
    facts: Mapping[str, str] = {}
    trigger: str
    detection: str
    mitigation: str
    owner: str
    source: str
    catalogue: str = ""


class Approach(Value):
    """Everything that follows from a verdict about how to go about it."""

    selections: tuple[Selection, ...] = ()
    risks: tuple[Entry, ...] = ()
    facts: tuple[Fact, ...] = ()

    def of_kind(self, kind: SelectionKind) -> Selection | None:
        """The first selection of a kind."""
        return next((each for each in self.selections if each.kind == kind), None)
