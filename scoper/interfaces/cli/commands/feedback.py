"""`scoper feedback CASE [RESULT]`: what a probe measured, offered back as answers of the case."""

from __future__ import annotations

import json
from pathlib import Path

import click

from scoper.interfaces import console
from scoper.interfaces.cli import offering
from scoper.interfaces.cli.options import Common, common_options

PLACE = ("closer", 4)


@click.command(
    "feedback",
    short_help="Answers that a probe's measurements speak for, to accept.",
    epilog="Example: scoper feedback examples/warehouse_reorder.yaml result.json --accept all",
)
@click.argument("case", type=click.Path())
@click.argument("result", required=False, type=click.Path())
@click.option("--accept", metavar="IDS|all", help="Take these offers, separated by commas, without asking.")
@common_options
def command(common: Common, case: str, result: str | None, accept: str | None) -> int:
    """Offer what a probe measured as answers of CASE, with the number and where it comes from as their evidence.

    RESULT is what `scoper probe --json` printed; without it the result.json beside the case's spec. On a terminal every
    offer is asked about; otherwise they are listed. `all` takes those that contradict no answer and presume nothing
    that only you know; an answer that stands is replaced only by an offer that is named or agreed to. The verdict is
    shown before and after.
    """
    from scoper.services import feedback
    from scoper.services.cases import read_case, single
    from scoper.services.library import load_library
    from scoper.services.scoping import assess

    library = load_library(common.rules_dir)
    file = single(read_case(Path(case), library.questions))
    offered = feedback.offers(file.case, feedback.result_for(file, Path(result) if result else None), library.questions)
    before = assess(file.case, library)
    if not common.json:
        console.data("\n".join(offering.listed(offered, library.questions)))
    if accept is not None:
        chosen = feedback.picked(offered, [name.strip() for name in accept.split(",") if name.strip()])
    else:
        chosen = offering.asked(offered) if offering.may_ask(common) else ()
    changed = feedback.accept(file, chosen, library.questions)
    after = assess(changed.case, library)
    if common.json:
        console.data(
            json.dumps(offering.document(changed.case.digest(), offered, chosen, before, after), ensure_ascii=False)
        )
        return 0
    console.data("\n".join(offering.outcome(offered, chosen, before, after, f"scoper feedback {case}")))
    return 0
