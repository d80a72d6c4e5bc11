"""`scoper portfolio DIR`: many cases ranked on one page."""

from __future__ import annotations

import json
from pathlib import Path

import click

from scoper.interfaces import clock, console
from scoper.interfaces.cli.options import Common, common_options

PLACE = ("report", 6)


@click.command(
    "portfolio",
    short_help="Many cases ranked on one page.",
    epilog="Example: scoper portfolio cases -o portfolio.md",
)
@click.argument("folder", metavar="DIR", type=click.Path())
@click.option("-o", "--output", type=click.Path(), help="File to write the page to; default: stdout.")
@click.option("--top", type=click.IntRange(min=1), default=40, show_default=True, help="How many cases to show.")
@click.option("--force", is_flag=True, help="Replace a file that exists.")
@clock.today_option("What day it is (YYYY-MM-DD, or today): also mark the cases past their review_by.")
@common_options
def command(common: Common, folder: str, output: str | None, top: int, force: bool, today_: str | None) -> None:
    """Rank every case under DIR: where to start, what to settle first, what to leave. One page of Markdown.

    Sorted, not scored: by what can be done (start, start if, find out, not yet, leave), then settled first, then a
    probe that shows it feasible, then support, then fewer conditions, then name. A probe counts when it measured the
    spec that the case names as it is now. Files that cannot be read are listed and stop nothing.
    """
    from scoper.services.files import write_atomic
    from scoper.services.library import load_library
    from scoper.services.portfolio import document, portfolio
    from scoper.services.portfolio_page import page

    library = load_library(common.rules_dir)
    found = portfolio(Path(folder), library, clock.today(today_) if today_ else None)
    for name, problem in found.unreadable:
        console.say(f"not read: {name}: {problem}")
    text = page(found, top)
    if output and output != "-":
        write_atomic(Path(output), text, overwrite=force)
        console.say(f"portfolio: {output}")
    if common.json:
        console.data(json.dumps(document(found), ensure_ascii=False, indent=2))
    elif not output or output == "-":
        console.data(text)
