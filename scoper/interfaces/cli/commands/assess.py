"""`scoper assess CASE...`: the verdict of each case with its reasons."""

from __future__ import annotations

import json
from pathlib import Path

import click

from scoper.errors import InputError, Problem
from scoper.interfaces import console
from scoper.interfaces.cli.options import Common, common_options


@click.command(
    "assess",
    short_help="The verdict of each case, with its reasons.",
    epilog="Example: scoper assess examples/warehouse_reorder.yaml --json",
)
@click.argument("cases", nargs=-1, required=True, type=click.Path())
@common_options
def command(common: Common, cases: tuple[str, ...]) -> None:
    """Read case files and say which technique each calls for, why, and what would change that.

    With --json one document a case; several cases give JSON lines in the given order. When one file is faulty all
    problems of all files are reported and nothing else is printed.
    """
    from scoper.domain.questionnaire import Case
    from scoper.interfaces.cli.verdict_text import verdict_lines
    from scoper.services.cases import read_case
    from scoper.services.library import load_library
    from scoper.services.scoping import assess

    library = load_library(common.rules_dir)
    read: list[Case] = []
    problems: list[Problem] = []
    for name in cases:
        try:
            read.append(read_case(Path(name), library.questions).case)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    for case in read:
        verdict = assess(case, library)
        if common.json:
            document = {
                "format": 1,
                "case": {"title": case.title, "digest": case.digest()},
                "rules_digest": library.digest,
                "verdict": verdict.model_dump(mode="json"),
            }
            console.data(json.dumps(document, ensure_ascii=False, indent=None if len(read) > 1 else 2))
        else:
            lines = [console.emphasis(line) if "VERDICT" in line else line for line in verdict_lines(case, verdict)]
            console.data("\n".join(lines) + "\n")
