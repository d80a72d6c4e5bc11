"""`scoper snapshot CASE`: what the case says today, kept whole and never changed."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoper.interfaces import clock, console
from scoper.interfaces.cli.options import Common, common_options
from scoper.interfaces.wording import READINESS, words

if TYPE_CHECKING:
    from scoper.domain.decision import Verdict
    from scoper.domain.project import PartVerdict

PLACE = ("report", 5)


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
    what changed since, `scoper verify SNAPSHOT` works the verdict out again from the rules that are kept in it. Of
    a project in parts the verdict of every part is kept; a part's own spec and result by a snapshot of CASE#PART.
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
    parts = dossier.project.parts if dossier.project else ()
    verdict = _told(dossier.verdict) if not parts else f"a project in {len(parts)} parts"
    console.say(f"snapshot of {taken.date}: {verdict}" if new else "nothing changed since the snapshot of that day")
    for part in parts if new else ():
        kept = f"; its spec is kept by: scoper snapshot {shlex.quote(f'{case}#{part.id}')}" if part.case.spec else ""
        console.say(f"  {part.id}: {_told(part.verdict)}{kept}")
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
        **({"parts": [_part(part) for part in parts]} if parts else {}),
    }
    console.data(json.dumps(document, ensure_ascii=False) if common.json else str(path))


def _told(verdict: Verdict) -> str:
    return f"{words(verdict.technique)} - {READINESS[verdict.readiness]}"


def _part(part: PartVerdict) -> dict[str, str]:
    return {"part": part.id, "technique": part.verdict.technique, "readiness": part.verdict.readiness}
