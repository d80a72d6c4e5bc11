"""The whole interface as plain lines, for screen readers and where there is no terminal: first, which case.

The dialogue follows. Nothing is redrawn, nothing is said by colour or position alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scoper.domain.text import one_line, shown
from scoper.errors import ScoperError

if TYPE_CHECKING:
    from scoper.interfaces.tui.shelf import Entry
    from scoper.services.cases import CaseFile
    from scoper.services.library import Library

Read = Callable[[str], str | None]
Tell = Callable[[str], None]
WELCOME = (
    "scoper, as plain lines: nothing is redrawn. Type the number of a case, new TITLE for a new one, or q to quit."
)


def chosen_case(folder: Path, library: Library, read: Read, tell: Tell) -> CaseFile | None:
    """The case to work on: one of the folder, a copy of an example, or a new one; None when the input ends."""
    from scoper.interfaces.tui import shelf

    tell(WELCOME)
    known = [("open", entry) for entry in shelf.cases_in(folder)]
    known += [("copy", entry) for entry in shelf.examples()]
    _list(known, tell)
    while (line := read("case> ")) is not None:
        line = one_line(line)
        if line.lower() in ("q", "quit", "exit"):
            return None
        try:
            found = _made(line, known, folder, library, read, tell)
        except ScoperError as error:
            tell("\n".join(f"Not done: {problem.sentence()}" for problem in error.problems))
            continue
        if found is not None:
            return found
        tell(f"Not understood: '{shown(line)}'. A number from 1 to {len(known)}, new TITLE, or q.")
    return None


def _list(known: Sequence[tuple[str, Entry]], tell: Tell) -> None:
    heads = {"open": "Cases in this folder:", "copy": "Examples, a copy is opened:"}
    before = ""
    for number, (kind, entry) in enumerate(known, 1):
        if kind != before:
            tell(heads[kind])
        tell(f"  {number}  {shown(entry.title, 100)} ({entry.path.name})")
        before = kind


def _made(
    line: str, known: Sequence[tuple[str, Entry]], folder: Path, library: Library, read: Read, tell: Tell
) -> CaseFile | None:
    from scoper.interfaces.tui import steps
    from scoper.interfaces.tui.session import Session

    head, _, rest = line.partition(" ")
    start = Session(library, folder)
    if head.lower() == "new" or not line:
        title = rest.strip() or one_line(read("title> ") or "")
        summary = read("summary, Enter leaves it out> ") if title else ""
        return _told(steps.new_case(start, title, summary or ""), tell) if title else None
    if line.isascii() and line.isdigit() and 1 <= int(line) <= len(known):
        kind, entry = known[int(line) - 1]
        return _told((steps.open_case if kind == "open" else steps.copy_example)(start, entry.path), tell)
    return None


def _told(session: object, tell: Tell) -> CaseFile | None:
    from scoper.interfaces.tui.session import Session

    assert isinstance(session, Session)
    tell(session.saved)
    return session.file
