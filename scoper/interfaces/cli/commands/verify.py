"""`scoper verify REPORT...`: is it as it was written, and does its verdict follow?"""

from __future__ import annotations

import json
from pathlib import Path

import click

from scoper.interfaces import console
from scoper.interfaces.cli.options import Common, common_options

PLACE = ("report", 2)


@click.command(
    "verify",
    short_help="Is a report unchanged, and does its verdict follow?",
    epilog="Example: scoper verify report.md --case case.yaml",
)
@click.argument("reports", metavar="REPORT...", nargs=-1, required=True, type=click.Path())
@click.option("--case", type=click.Path(), help="Also check that this case still gives the same answers.")
@common_options
def command(common: Common, reports: tuple[str, ...], case: str | None) -> int:
    """Work the verdict of each REPORT out again and look for changes. REPORT is .md, .html, .json, or a snapshot.

    A report carries its answers, the digest of the rules and a seal over every byte. The verdict is made anew from the
    answers and compared part by part; figures beside the report are compared too. With other rules than those of the
    report (a newer scoper) say --rules DIR; a snapshot brings its own along. Exit code 1 when anything does not match,
    each mismatch named. The seal shows changes; it is no signature.
    """
    from scoper.domain.questionnaire import Case
    from scoper.services.cases import read_case
    from scoper.services.library import Library, load_library
    from scoper.services.verifying import document, verify

    library = load_library(common.rules_dir)

    def read(rules: Library) -> Case:
        return read_case(Path(case or ""), rules.questions).case

    holds = True
    for report in reports:
        found = verify(Path(report), library, read if case else None)
        holds = holds and found.holds
        if common.json:
            console.data(json.dumps(document(report, found), ensure_ascii=False))
            continue
        shown = [check for check in found.checks if not (common.quiet and check.holds)]
        lines = [
            f"  {'--' if check.note else 'ok' if check.holds else 'NO'}  {check.what}: {check.sentence}"
            for check in shown
        ]
        end = "" if found.holds else f" - {sum(not check.holds for check in found.checks)} do not match"
        console.data("\n".join([f"{report}{end or ' - verified'}", *lines]))
    return 0 if holds else 1
