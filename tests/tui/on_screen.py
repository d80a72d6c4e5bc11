"""What a test reads: the screen of an app as text, and a case's answers as they stand in its file."""

from __future__ import annotations

from pathlib import Path

from scoper.domain.questionnaire import Answer
from scoper.interfaces.tui.app import ScoperApp
from scoper.services.cases import read_case
from scoper.services.library import Library


def rows(app: ScoperApp) -> list[str]:
    """The screen row by row, without the spaces at the ends."""
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


def text_of(app: ScoperApp) -> str:
    """The whole screen."""
    return "\n".join(rows(app))


def words_of(app: ScoperApp) -> str:
    """The words of the screen in order, wherever the lines break."""
    return " ".join(text_of(app).split())


def answers_in(path: Path, library: Library) -> dict[str, tuple[Answer, ...]]:
    """The answers that the file at `path` holds."""
    return dict(read_case(path, library.questions).case.answers)
