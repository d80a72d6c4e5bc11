"""`scoper feedback CASE [RESULT]`: what a probe measured, offered back as answers of the case."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from scoper.domain.decision import Verdict
from scoper.domain.questionnaire import Question
from scoper.interfaces import console
from scoper.interfaces.cli.options import Common, common_options
from scoper.services.feedback import Offer

_WIDTH = 79
_RELATIONS = {"new": "not answered yet", "agrees": "the case says so too", "contradicts": "the case says {before}"}


@click.command(
    "feedback",
    short_help="Answers that a probe's measurements speak for; accepting them updates the verdict.",
    epilog="Example: scoper feedback examples/warehouse_reorder.yaml result.json --accept all",
)
@click.argument("case", type=click.Path())
@click.argument("result", required=False, type=click.Path())
@click.option("--accept", metavar="IDS|all", help="Take these offers, separated by commas, without asking.")
@common_options
def command(common: Common, case: str, result: str | None, accept: str | None) -> int:
    """Offer what a probe measured as answers of CASE, with the number and where it comes from as their evidence.

    RESULT is what `scoper probe --json` printed; without it the result.json beside the case's spec. On a terminal every
    offer is asked about; otherwise they are listed. `all` takes those that contradict no answer; an answer that stands
    is replaced only by an offer that is named or agreed to. The verdict is shown before and after.
    """
    from scoper.services import feedback
    from scoper.services.cases import read_case
    from scoper.services.library import load_library
    from scoper.services.scoping import assess

    library = load_library(common.rules_dir)
    file = read_case(Path(case), library.questions)
    offered = feedback.offers(file.case, feedback.result_for(file, Path(result) if result else None), library.questions)
    before = assess(file.case, library)
    if not common.json:
        console.data("\n".join(_listed(offered, library.questions)))
    if accept is not None:
        chosen = feedback.picked(offered, [name.strip() for name in accept.split(",") if name.strip()])
    else:
        chosen = _asked(offered) if _may_ask(common) else ()
    changed = feedback.accept(file, chosen, library.questions)
    after = assess(changed.case, library)
    if common.json:
        console.data(json.dumps(_document(changed.case.digest(), offered, chosen, before, after), ensure_ascii=False))
        return 0
    console.data("\n".join(_outcome(case, offered, chosen, before, after)))
    return 0


def _may_ask(common: Common) -> bool:
    return not (common.no_input or common.json) and sys.stdin.isatty() and sys.stderr.isatty()


def _asked(offered: tuple[Offer, ...]) -> tuple[Offer, ...]:
    chosen = []
    for offer in offered:
        replaces = f", in place of {offer.before()}" if offer.relation == "contradicts" else ""
        if click.confirm(f"Take {offer.signal} = {offer.proposal.answer}{replaces}", err=True, default=False):
            chosen.append(offer)
    return tuple(chosen)


def _listed(offered: tuple[Offer, ...], questions: Mapping[str, Question]) -> list[str]:
    lines = [] if offered else ["The result speaks for no answer that the case does not hold already."]
    for offer in offered:
        relation = _RELATIONS[offer.relation].format(before=offer.before())
        mark = "! " if offer.relation == "contradicts" else "  "
        lines.append(f"{mark}{offer.signal} = {offer.proposal.answer}   [{relation}]")
        meaning = questions[offer.signal].meanings[offer.proposal.answer]
        for text in (meaning, offer.proposal.evidence):
            lines += textwrap.wrap(text, _WIDTH, initial_indent="      ", subsequent_indent="      ")
    return lines


def _outcome(
    case: str, offered: tuple[Offer, ...], chosen: tuple[Offer, ...], before: Verdict, after: Verdict
) -> list[str]:
    from scoper.interfaces.cli.verdict_text import brief_lines

    left = [offer.signal for offer in offered if offer not in chosen]
    lines = ["", f"Accepted: {', '.join(offer.signal for offer in chosen) or 'nothing, so nothing was written'}"]
    if chosen and left:
        lines += textwrap.wrap(f"Left: {', '.join(left)}", _WIDTH, subsequent_indent="      ")
    if not chosen and offered:
        lines.append(f"scoper feedback {case} --accept all   takes those that contradict no answer")
    lines += ["", "Verdict before" if chosen else "Verdict", *(f"  {line}" for line in brief_lines(before))]
    return [*lines, "", "Verdict after", *(f"  {line}" for line in brief_lines(after))] if chosen else lines


def _document(
    digest: str, offered: tuple[Offer, ...], chosen: tuple[Offer, ...], before: Verdict, after: Verdict
) -> dict[str, Any]:
    shown = [
        {
            **offer.proposal.model_dump(mode="json"),
            "evidence": offer.proposal.evidence,
            "relation": offer.relation,
            "present": [answer.model_dump(mode="json", exclude_none=True) for answer in offer.present],
        }
        for offer in offered
    ]
    return {
        "format": 1,
        "case": {"digest": digest},
        "offers": shown,
        "accepted": [offer.signal for offer in chosen],
        "before": before.model_dump(mode="json"),
        "after": after.model_dump(mode="json"),
    }
