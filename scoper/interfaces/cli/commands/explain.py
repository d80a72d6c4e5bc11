"""`scoper explain NAME [CASE]`: what a signal, technique, rule or word means, and its part in a case."""

from __future__ import annotations

import json
from pathlib import Path

import click

from scoper.interfaces import console
from scoper.interfaces.cli.completing import explainable, offering
from scoper.interfaces.cli.options import Common, common_options

PLACE = ("scope", 5)


@click.command(
    "explain",
    short_help="What a signal, technique, rule or word means, also in a case.",
    epilog="Example: scoper explain markov_state examples/invoice_approval.yaml",
)
@click.argument("name", shell_complete=offering(explainable))
@click.argument("case", required=False, type=click.Path())
@common_options
def command(common: Common, name: str, case: str | None) -> None:
    """Explain NAME: a question, technique, family, method, kind of solution, mark, rule or table, or another word.

    Levels of readiness, verdicts of a probe and the words of the glossary are known too. What has an id is also found
    by the name under which it is printed.

    With CASE also what it has to do with the verdict: the answer, the reasons and flips that it is part of, or why a
    technique is not the verdict.
    """
    from scoper.services.cases import read_case, single
    from scoper.services.explaining import explain, lines
    from scoper.services.library import load_library
    from scoper.services.report_data import load_report_data
    from scoper.services.scoping import assess

    library = load_library(common.rules_dir)
    data = load_report_data(common.rules_dir, library.questions)
    read = single(read_case(Path(case), library.questions)).case if case else None
    found = explain(name, library, data, read, assess(read, library) if read else None)
    console.data(json.dumps(found, ensure_ascii=False, indent=2) if common.json else "\n".join(lines(found)))
