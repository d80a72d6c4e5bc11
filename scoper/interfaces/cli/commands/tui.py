"""`scoper tui [CASE]`: the terminal interface; the default when no command is given."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from scoper.errors import Problem, UsageError
from scoper.interfaces.cli.options import Common, common_options


@click.command(
    "tui", short_help="The terminal interface: new case, open case, resume.", epilog="Example: scoper tui case.yaml"
)
@click.argument("case", required=False, type=click.Path())
@common_options
def command(common: Common, case: str | None) -> int:
    """Open the terminal interface, on CASE when one is named.

    Needs a terminal; without one, use `scoper ask CASE`, which asks the same questions as plain lines.
    """
    _require_terminal(common)
    from scoper.interfaces.tui.app import run
    from scoper.services.library import load_library

    return run(Path(case) if case else None, load_library(common.rules_dir), rules_dir=common.rules_dir)


def _require_terminal(common: Common) -> None:
    dumb = os.environ.get("TERM", "") in ("", "dumb")
    if common.no_input or dumb or not (sys.stdin.isatty() and sys.stdout.isatty()):
        reason = "TERM is 'dumb' or not set" if dumb and sys.stdout.isatty() else "there is no terminal to draw on"
        remedy = "use `scoper ask CASE` for the interview as plain lines, or `scoper --help` for the other commands"
        raise UsageError(Problem("no-terminal", f"the terminal interface cannot start: {reason}", remedy=remedy))
