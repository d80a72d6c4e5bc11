"""When a case has to be looked at again, as lines of plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from scoper.domain.due import Due

_WIDTH = 79


def due_lines(due: Due) -> Iterator[str]:
    """The lines of a case that says when it has to be looked at again."""
    if due.due:
        yield "  DUE to be looked at again"
        for reason in due.reasons:
            yield from _item(reason.sentence)
    if due.review_by is not None and not any(reason.kind == "date" for reason in due.reasons):
        yield f"  To be reviewed by {due.review_by}" + (
            "" if due.today else " (--today DATE says whether that has passed)"
        )
    if due.watch:
        yield "  Watch for, then look again"
        for note in due.watch:
            yield from _item(note)
    if due.unseen:
        yield "  Could not be looked up"
        for note in due.unseen:
            yield from _item(note)


def _item(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="    - ", subsequent_indent="      ")
