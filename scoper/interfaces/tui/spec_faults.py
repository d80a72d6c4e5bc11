"""What is wrong in a text on the desk: the faults of an MDP spec, or the places still to be filled in."""

from __future__ import annotations

from pathlib import Path

from scoper.errors import InputError, Problem
from scoper.interfaces.tui.session import SpecDesk


def problems_of(desk: SpecDesk) -> tuple[Problem, ...]:
    """What is wrong in the text on the desk, in its order."""
    from scoper.services.specs import parse_spec

    if not desk.probeable:
        return to_fill(desk.text, desk.path)
    try:
        parse_spec(desk.text, desk.path.name, desk.path.parent)
    except InputError as error:
        return error.problems
    return ()


def to_fill(text: str, path: Path) -> tuple[Problem, ...]:
    """The places that wait for their owner."""
    rows = enumerate(text.splitlines(), start=1)
    found = [(number, row.index("TODO") + 1) for number, row in rows if "TODO" in row]
    return tuple(Problem("scaffold-unfilled", "still to be filled in", path.name, line, at) for line, at in found)
