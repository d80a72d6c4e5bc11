"""Whether a case is due to be looked at again: its date, and those of its conditions that can be looked up.

What day it is comes in from outside; without it the date decides nothing and the answer follows from the files alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from scoper.domain.due import Due, DueReason
from scoper.domain.questionnaire import UNKNOWN, Case, Trigger


@dataclass(frozen=True)
class Present:
    """What is known now: digests of rules and spec, and the verdict of a probe of this very spec; None where unknown.

    `looked` says whether anybody looked for spec and probe.
    """

    rules_digest: str
    spec_digest: str | None = None
    probe: str | None = None
    looked: bool = True


def states_review(case: Case) -> bool:
    """Whether the case says when it has to be looked at again."""
    return case.review_by is not None or case.update_when is not None


def due(case: Case, present: Present, today: str | None = None) -> Due:
    """Whether `case` is due on the day `today` (YYYY-MM-DD; None: the date is left out), and why."""
    reasons, watch, unseen = [], [], []
    if today is not None and case.review_by is not None and today > case.review_by:
        reasons.append(DueReason(kind="date", sentence=f"It was to be reviewed by {case.review_by}; today is {today}."))
    for trigger in case.update_when or ():
        if trigger.watched:
            watch.append(trigger.note or "")
            continue
        missing = _missing(trigger, present)
        if missing:
            unseen.append(f"{_told(trigger)}: {missing}")
        elif _holds(trigger, case, present):
            reasons.append(DueReason(kind=_kind(trigger), sentence=_sentence(trigger, case, present), trigger=trigger))
    return Due(
        due=bool(reasons),
        review_by=case.review_by,
        today=today,
        reasons=tuple(reasons),
        watch=tuple(watch),
        unseen=tuple(unseen),
    )


def _missing(trigger: Trigger, present: Present) -> str:
    """Why a condition cannot be looked up, empty when it can."""
    if trigger.spec_other_than and present.spec_digest is None:
        return "no spec was looked at" if not present.looked else "there is no spec"
    if trigger.probe and present.probe is None:
        return "no probe was looked at" if not present.looked else "there is no probe of the present spec"
    return ""


def _answered_so(trigger: Trigger, case: Case) -> Case | None:
    """The case, or the first of its parts as a case of its own, whose answers are those of the condition."""
    for view in (case, *(case.of_part(part) for part in case.parts or ())):
        if all(view.value_of(signal) in values for signal, values in (trigger.answers or {}).items()):
            return view
    return None


def _holds(trigger: Trigger, case: Case, present: Present) -> bool:
    held = [_answered_so(trigger, case) is not None]
    held += [present.rules_digest != trigger.rules_other_than] if trigger.rules_other_than else []
    held += [present.spec_digest != trigger.spec_other_than] if trigger.spec_other_than else []
    held += [present.probe in trigger.probe] if trigger.probe else []
    return all(held)


def _kind(trigger: Trigger) -> str:
    if trigger.answers:
        return "answers"
    return "rules" if trigger.rules_other_than else "spec" if trigger.spec_other_than else "probe"


def _told(trigger: Trigger) -> str:
    parts = [f"{signal} = {' or '.join(values)}" for signal, values in (trigger.answers or {}).items()]
    parts += [f"rules other than {trigger.rules_other_than}"] if trigger.rules_other_than else []
    parts += [f"spec other than {trigger.spec_other_than}"] if trigger.spec_other_than else []
    parts += [f"probe = {' or '.join(trigger.probe)}"] if trigger.probe else []
    return f"{trigger.note} ({'; '.join(parts)})" if trigger.note else "; ".join(parts)


def _sentence(trigger: Trigger, case: Case, present: Present) -> str:
    view = _answered_so(trigger, case) or case
    now = [f"{signal} = {view.value_of(signal) or UNKNOWN}" for signal in trigger.answers or {}]
    now[:1] = [f"in '{view.title}' {first}" if view is not case else first for first in now[:1]]
    now += [f"the rules are {present.rules_digest}"] if trigger.rules_other_than else []
    now += [f"the spec is {present.spec_digest}"] if trigger.spec_other_than else []
    now += [f"the probe says {present.probe}"] if trigger.probe else []
    head = f"{trigger.note}: " if trigger.note else ""
    return f"{head}to be updated when {_condition(trigger)}; now {', '.join(now)}."


def _condition(trigger: Trigger) -> str:
    return _told(trigger.model_copy(update={"note": None}))
