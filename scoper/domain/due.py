"""When a case has to be looked at again: a date, and what would have to happen.

Values only. Dates are text of the form 2027-01-31; what day it is comes from the caller, never from a clock.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from scoper.domain.questionnaire import Trigger, Value


class DueReason(Value):
    """One reason why a case is due: its date has passed (`date`), or a condition of `update_when` holds.

    `trigger` is the condition, None for a date; `sentence` says it to a person.
    """

    kind: Literal["date", "answers", "rules", "spec", "probe"]
    sentence: str
    trigger: Trigger | None = None


class Due(Value):
    """Whether a case is due, by what, and what else to watch for.

    `today` is None where nobody said what day it is: then `review_by` decides nothing. `watch` are the conditions that
    only people can see. `unseen` are conditions that could not be looked at, with why.
    """

    due: bool
    review_by: str | None = None
    today: str | None = None
    reasons: tuple[DueReason, ...] = ()
    watch: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()


def parse_date(text: str) -> date | None:
    """The day that `text` names as YYYY-MM-DD, or None; no other spelling counts."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def days_between(earlier: str, later: str) -> int:
    """Whole days from one date to another, both valid; negative when `later` comes first."""
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days
