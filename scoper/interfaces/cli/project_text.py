"""A project in parts as lines of plain text: what each part calls for, the hand-overs, how to look closer."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Iterator

from scoper.domain.project import Project
from scoper.domain.questionnaire import Case
from scoper.interfaces import console
from scoper.interfaces.cli.verdict_text import brief_lines

_WIDTH = 79


def project_lines(case: Case, project: Project, file: str) -> Iterator[str]:
    """The lines for a case with parts; `file` is the name to give for a closer look at one of them."""
    title = {part.id: part.title for part in project.parts}
    yield case.title
    yield f"  A project in {len(project.parts)} parts; each is decided by its own answers and the shared ones"
    for number, part in enumerate(project.parts, start=1):
        yield ""
        yield f"  {number}. {part.title}  [{part.id}]"
        for line in brief_lines(part.verdict):
            shown = f"     {line}"
            yield console.emphasis(shown) if "VERDICT" in shown else shown
        for over in part.hands_to:
            what = f": {over.what}" if over.what else ""
            yield from _wrapped(f"Hands over to {title[over.to]}{what}", "     ")
    if project.circles or project.alone:
        yield ""
    for group in project.circles:
        names = ", ".join(title[name] for name in group)
        yield from _wrapped(f"A circle: {names} hand over to each other in the end; something has to stop it.", "  ")
    for name in project.alone:
        yield from _wrapped(f"On its own: {title[name]} neither hands over nor takes over anything.", "  ")
    yield ""
    yield f"  One part with all reasons: scoper assess {shlex.quote(f'{file}#{project.parts[0].id}')}"


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent + "  ")
