"""`scoper tui [CASE]`: the terminal interface; the default when no command is given."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoper.errors import Problem, UsageError
from scoper.interfaces.cli.options import Common, common_options

if TYPE_CHECKING:
    from scoper.interfaces.tui.app import ScoperApp


@click.command(
    "tui", short_help="The terminal interface: new case, open case, resume.", epilog="Example: scoper tui case.yaml"
)
@click.argument("case", required=False, type=click.Path())
@click.option("--replay", type=click.Path(dir_okay=False), help="Show this recorded probe of CASE's spec; run nothing.")
@click.option("--speed", type=click.FloatRange(0.01), help="With --replay: this many times as fast as it was.")
@common_options
def command(common: Common, case: str | None, replay: str | None, speed: float | None) -> int:
    """Open the terminal interface, on CASE when one is named.

    Needs a terminal; without one, use `scoper ask CASE`, which asks the same questions as plain lines.
    """
    if (replay and not case) or (speed and not replay):
        raise UsageError(Problem("replay", "--replay needs a CASE to show the probe in, --speed needs --replay"))
    _require_terminal(common)
    from scoper.interfaces.tui.app import run
    from scoper.services.library import load_library

    first = _recording(Path(replay), speed) if replay else None
    return run(Path(case) if case else None, load_library(common.rules_dir), first=first)


def _recording(file: Path, speed: float | None) -> Callable[[ScoperApp], None]:
    """What shows the recorded probe in `file`; raises what reading it raises."""
    from scoper.interfaces.tui.probe import show_recording
    from scoper.services.probing import replay

    events = replay(file)
    return lambda app: show_recording(app, events, speed)


def _require_terminal(common: Common) -> None:
    dumb = os.environ.get("TERM", "") in ("", "dumb")
    if common.no_input or dumb or not (sys.stdin.isatty() and sys.stdout.isatty()):
        reason = "TERM is 'dumb' or not set" if dumb and sys.stdout.isatty() else "there is no terminal to draw on"
        remedy = "use `scoper ask CASE` for the interview as plain lines, or `scoper --help` for the other commands"
        raise UsageError(Problem("no-terminal", f"the terminal interface cannot start: {reason}", remedy=remedy))
