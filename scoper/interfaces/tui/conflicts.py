"""What to do when something stands in the way: an error of a service, a file changed outside, text not saved yet."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from scoper.errors import InputError, Problem, ScoperError
from scoper.interfaces.tui import spec_steps, steps

if TYPE_CHECKING:
    from scoper.interfaces.tui.app import ScoperApp
    from scoper.interfaces.tui.session import Session, Step

CASE_CHANGED = "case-changed"


def opened(welcome: Session, path: Path) -> Session:
    """The case at `path` open; where there is no such file the error says how one is begun."""
    try:
        return steps.open_case(welcome, path)
    except InputError as error:
        raise InputError([_how_to_begin(problem) for problem in error.problems]) from None


def _how_to_begin(problem: Problem) -> Problem:
    if problem.code != "file-missing":
        return problem
    begin = f"`scoper ask {shlex.quote(problem.source)}` begins it, `scoper tui` one that you give a title"
    return replace(problem, remedy="; ".join(filter(None, (problem.remedy, begin))))


def explain(app: ScoperApp, error: ScoperError, again: Callable[[], None]) -> None:
    """Say what went wrong; where a file changed outside, let the user choose. `again` repeats the change."""
    from scoper.interfaces.tui.dialogs import CaseConflict, SpecConflict, Trouble

    app.interrupted()
    codes = {problem.code for problem in error.problems}
    if CASE_CHANGED in codes:
        app.push_screen(CaseConflict(error), lambda way: _settle_case(app, way, again))
    elif spec_steps.SPEC_CHANGED in codes:
        app.push_screen(SpecConflict(error), lambda way: _settle_spec(app, way))
    else:
        app.push_screen(Trouble(error))


def unless_left(app: ScoperApp, step: Step, leave: Callable[[], None]) -> None:
    """Go to a step; ask first where that leaves the open case, or a project's open part, with something to lose."""
    leaves_part = step == "parts" and app.session.file is not None and app.session.file.part is not None
    if step == "welcome":
        unless_unsaved(app, leave)
    elif leaves_part:
        unless_unsaved(app, lambda: unless_probing(app, leave))
    else:
        leave()


def unless_unsaved(app: ScoperApp, leave: Callable[[], None]) -> None:
    """Leave at once, or ask first when text of the spec would be lost; what cannot be saved is not left."""
    if app.session.unsaved:
        from scoper.interfaces.tui.dialogs import Unsaved

        def settled(way: str | None) -> None:
            if way == "save":
                app.do(spec_steps.save_spec)
            _if(way == "leave" or (way == "save" and not app.session.unsaved), leave)

        app.push_screen(Unsaved(), settled)
    else:
        leave()


def unless_probing(app: ScoperApp, leave: Callable[[], None]) -> None:
    """Leave at once, or ask first when that would end a probe."""
    if app.session.probe.status == "running":
        from scoper.interfaces.tui.dialogs import Probing

        app.push_screen(Probing(), lambda way: _if(way == "leave", leave))
    else:
        leave()


def _if(wanted: bool, leave: Callable[[], None]) -> None:
    if wanted:
        leave()


def _settle_case(app: ScoperApp, way: str | None, again: Callable[[], None]) -> None:
    app.do(steps.reload)
    if way == "again":
        again()


def _settle_spec(app: ScoperApp, way: str | None) -> None:
    if way == "mine":
        app.do(spec_steps.save_spec, True)
    elif way == "theirs":
        app.do(spec_steps.reread_spec)
