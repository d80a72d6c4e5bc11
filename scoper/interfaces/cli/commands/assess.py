"""`scoper assess CASE...`: the verdict of each case with its reasons."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoper.domain.decision import Verdict
from scoper.errors import InputError, Problem
from scoper.interfaces import clock, console
from scoper.interfaces.cli.options import Common, common_options

if TYPE_CHECKING:
    from scoper.domain.due import Due
    from scoper.services.cases import CaseFile
    from scoper.services.library import Library

PLACE = ("scope", 3)


@click.command(
    "assess",
    short_help="The verdict of each case, with its reasons.",
    epilog="Example: scoper assess examples/warehouse_reorder.yaml --json",
)
@click.argument("cases", nargs=-1, required=True, type=click.Path())
@clock.today_option("What day it is (YYYY-MM-DD, or today): also say whether a case is past its review_by.")
@click.option("--all", "whole", is_flag=True, help="Every line of long lists; --json holds them in any case.")
@common_options
def command(common: Common, cases: tuple[str, ...], today_: str | None, whole: bool) -> None:
    """Read case files and say which technique each calls for, why, and what would change that.

    With --json one document a case; several cases give JSON lines in the given order. When one file is faulty all
    problems of all files are reported and nothing else is printed. A case that says review_by or update_when is told
    with what is due; the calendar is looked at only with --today, so that the same files give the same bytes.
    """
    from scoper.domain.approach import Approach
    from scoper.interfaces.cli.approach_text import brief_approach
    from scoper.interfaces.cli.next_step import next_line, next_of_project, next_of_several
    from scoper.interfaces.cli.project_text import project_lines
    from scoper.interfaces.cli.verdict_text import verdict_lines
    from scoper.services.approach import approach_of, with_approach
    from scoper.services.cases import read_case
    from scoper.services.library import load_library
    from scoper.services.project import as_document, project_of
    from scoper.services.scoping import assess, interview

    day = clock.today(today_) if today_ else None
    library = load_library(common.rules_dir)
    read: list[CaseFile] = []
    problems: list[Problem] = []
    for name in cases:
        try:
            read.append(read_case(Path(name), library.questions))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    seen: list[tuple[str, Verdict]] = []
    for file in read:
        case = file.case
        project = project_of(case, library)
        if project is not None and not common.json:  # the lines of a project are those of its parts
            verdict, approach = interview(case, library).verdict, Approach()
        else:
            verdict = assess(case, library)
            approach = approach_of(case, library, verdict, with_risks=False)
        again, told_again = _review(file, library, day)
        if common.json:
            document = {
                "format": 1,
                "case": {"title": case.title, "digest": case.digest()},
                "rules_digest": library.digest,
                "verdict": with_approach(verdict, approach),
                **({"project": as_document(project)} if project else {}),
                **({"review": again.model_dump(mode="json", exclude_none=True)} if again else {}),
            }
            console.data(json.dumps(document, ensure_ascii=False, indent=None if len(read) > 1 else 2))
        elif project is not None:
            told = project_lines(case, project, str(file.path))
            console.data("\n".join([*told, *told_again]) + "\n")
        else:
            plain = verdict_lines(case, verdict, whole=whole)
            lines = [console.emphasis(line) if "VERDICT" in line else line for line in plain]
            console.data("\n".join([*lines, *brief_approach(approach), *told_again]) + "\n")
        seen.append((str(file.named), verdict))
        if common.json or len(read) > 1:
            continue
        name = str(file.named)
        console.say(next_of_project(name, project) if project else next_line(name, verdict.settled, verdict.technique))
    if len(read) > 1 and not common.json:
        console.say(next_of_several(seen))


def _review(file: CaseFile, library: Library, day: str | None) -> tuple[Due | None, tuple[str, ...]]:
    """Whether the case is due to be looked at again, and the lines that say so; none for a case that says nothing."""
    if file.case.review_by is None and file.case.update_when is None:
        return None, ()
    from scoper.interfaces.cli.due_text import due_lines
    from scoper.services.due import due
    from scoper.services.scopings import present_for

    again = due(file.case, present_for(file, library), day)
    return again, tuple(due_lines(again))
