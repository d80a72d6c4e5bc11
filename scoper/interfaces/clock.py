"""What day it is: the only place where scoper looks at a calendar.

Whatever depends on the date takes it as a value from here, so that the same call with `--today` gives the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import click

from scoper.errors import Problem, UsageError


def today(asked: str | None = None) -> str:
    """The day as YYYY-MM-DD: the one asked for, else that of SOURCE_DATE_EPOCH, else today's by the local calendar.

    Raises UsageError when what was asked for is no date.
    """
    if asked is not None and asked != "today":
        from scoper.domain.due import parse_date

        if parse_date(asked) is None:
            remedy = "write it as year-month-day, such as 2027-01-31, or say today"
            raise UsageError(Problem("today", f"'{asked}' is not a date", "--today", remedy=remedy))
        return asked
    return stated_day() or datetime.now().astimezone().strftime("%Y-%m-%d")


def stated_day() -> str | None:
    """The date that SOURCE_DATE_EPOCH states, None without it; raises UsageError when it is no number of seconds."""
    stated = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not stated:
        return None
    try:
        return datetime.fromtimestamp(int(stated), UTC).strftime("%Y-%m-%d")
    except (ValueError, OverflowError, OSError):
        message = f"SOURCE_DATE_EPOCH is '{stated}', not a number of seconds"
        raise UsageError(Problem("source-date", message, remedy="unset it, or use `date +%s`")) from None


def today_option(help: str) -> Callable[..., Any]:
    """The option `--today DATE`."""
    return click.option("--today", "today_", metavar="DATE", help=help)
