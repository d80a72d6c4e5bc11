"""A respondent's own round: the questions that others answered and this respondent did not.

Only which they are and how they are announced; nothing here tells what the others said.
"""

from __future__ import annotations

from collections.abc import Iterable

from scoper.domain.questionnaire import Case

UNNAMED = "a asks what others answered; your answers need a name of their own for that: start again with --by NAME."
BESIDES = "Besides what others answered, nothing has to be asked any more."
NOTHING_LEFT = "There is no question that others answered and you did not."


def left_to(case: Case, by: str | None, signals: Iterable[str]) -> tuple[str, ...]:
    """Those of `signals` that others answered and `by` did not; none for somebody without a name."""
    if by is None:
        return ()
    return tuple(s for s in signals if (given := case.answers.get(s)) and all(answer.by != by for answer in given))


def announced(case: Case, by: str | None, signals: Iterable[str]) -> str:
    """What a respondent is told at the start, empty when nobody else answered anything that is left."""
    left = len(left_to(case, by, signals))
    if not left:
        return ""
    questions = "1 question" if left == 1 else f"{left} questions"
    return (
        f"Others answered {questions} that you did not. a asks you these as well, j SIGNAL a single one; "
        "what the others said is not shown. Without that only what is open is asked."
    )


def own_or_all(case: Case, by: str | None) -> Case:
    """The case with the answers of `by` alone; the whole case for somebody without a name."""
    if by is None:
        return case
    own = {s: mine for s, given in case.answers.items() if (mine := tuple(a for a in given if a.by == by))}
    return case.model_copy(update={"answers": own})
