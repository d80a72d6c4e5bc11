"""`scoper snapshot CASE`: what the case says today, kept whole and never changed."""

from __future__ import annotations

import json
from pathlib import Path

import click

from scoper.interfaces import clock, console
from scoper.interfaces.cli.options import Common, common_options
from scoper.interfaces.wording import READINESS, words


@click.command(
    "snapshot",
    short_help="Keep what a case says today, for good.",
    epilog="Example: scoper snapshot case.yaml --name 'steering board'",
)
@click.argument("case", type=click.Path())
@click.option("-o", "--output", type=click.Path(), help="Folder to write to; default: snapshots beside the case.")
@click.option("--name", default="", help="What to call it: a milestone, a meeting.")
@click.option("--spec", type=click.Path(), help="The MDP spec; default: the one that the case names.")
@click.option("--result", type=click.Path(), help="A probe result (JSON); default: result.json beside the spec.")
@clock.today_option("The date to give it (YYYY-MM-DD); default: today.")
@common_options
def command(
    common: Common, case: str, output: str | None, name: str, spec: str | None, result: str | None, today_: str | None
) -> None:
    """Write a dated, sealed, read-only copy of CASE: the file itself, the verdict, the rules, spec and result.

    The file is snapshots/CASE-DATE.json beside the case. No file is ever replaced: a second snapshot of a day gets a
    number, and where nothing changed since the last one of the day none is written. `scoper diff SNAPSHOT CASE` says
    what changed since, `scoper verify SNAPSHOT` works the verdict out again from the rules that are kept in it.
    """
    from scoper.services.cases import read_case
    from scoper.services.library import load_library
    from scoper.services.snapshots import FOLDER, keep, take

    library = load_library(common.rules_dir)
    file = read_case(Path(case), library.questions)
    given = {"spec": Path(spec) if spec else None, "result": Path(result) if result else None}
    taken = take(file, library, clock.today(today_), name=name, **given)
    path, new = keep(taken, Path(output) if output else file.path.parent / FOLDER)
    dossier = taken.dossier
    verdict = f"{words(dossier.verdict.technique)} - {READINESS[dossier.verdict.readiness]}"
    console.say(f"snapshot of {taken.date}: {verdict}" if new else "nothing changed since the snapshot of that day")
    document = {
        "format": 1,
        "snapshot": str(path),
        "new": new,
        "date": taken.date,
        "name": taken.name,
        "case": {"title": dossier.case.title, "digest": dossier.case_digest},
        "rules_digest": dossier.rules_digest,
        "technique": dossier.verdict.technique,
        "readiness": dossier.verdict.readiness,
        "probe": dossier.result.verdict if dossier.result else None,
    }
    console.data(json.dumps(document, ensure_ascii=False) if common.json else str(path))
