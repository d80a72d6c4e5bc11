"""`scoper methods CASE`: how to go about the verdict: methods ranked, the lowest rung, the kind of solution."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoper.interfaces import console
from scoper.interfaces.cli.options import Common, common_options

if TYPE_CHECKING:
    from scoper.domain.dossier import Dossier
    from scoper.services.library import Library


@click.command(
    "methods",
    short_help="How to go about the verdict: methods, rung, kind of solution.",
    epilog="Example: scoper methods examples/warehouse_reorder.yaml --all",
)
@click.argument("case", type=click.Path())
@click.option("--spec", type=click.Path(), help="The MDP spec to go by; without it, the one that the case names.")
@click.option("--all", "everything", is_flag=True, help="Also what is ruled out, and why.")
@common_options
def command(common: Common, case: str, spec: str | None, everything: bool) -> None:
    """Rank what the verdict of CASE leaves to choose, each with why and why not.

    Reinforcement learning and bandits: the methods, judged by what the environment affords according to answers, spec
    and the probe's result beside it. LLM orchestration: the lowest rung of the ladder that fits, and what would force a
    climb. The other techniques: the kind of solution. Not ready or undecided: what is missing first. All of it is exact
    over the open answers; follow-up answers (`scoper ask CASE --follow-ups`) narrow it down.
    """
    from scoper.interfaces.cli.approach_text import approach_lines
    from scoper.interfaces.cli.verdict_text import brief_lines
    from scoper.services.library import load_library

    library = load_library(common.rules_dir)
    dossier = dossier_of(case, spec, library)
    assert dossier.approach is not None
    if common.json:
        document = {
            "format": 1,
            "case": {"title": dossier.case.title, "digest": dossier.case_digest},
            "rules_digest": dossier.rules_digest,
            "technique": dossier.verdict.technique,
            **dossier.approach.model_dump(mode="json", exclude={"risks"}),
        }
        console.data(json.dumps(document, ensure_ascii=False, indent=2))
        return
    head = [dossier.case.title, *(f"  {line}" for line in list(brief_lines(dossier.verdict))[:1])]
    console.data("\n".join([*head, *approach_lines(dossier.approach, everything=everything)]))
    if any(ask.id not in library.questions for each in dossier.approach.selections for ask in each.asks):
        console.say(f"Next: scoper ask {shlex.quote(case)} --follow-ups   (what tells them apart)")


def dossier_of(case: str, spec: str | None, library: Library) -> Dossier:
    """The dossier of a case file, with its spec and the probe's result beside that, if there are any."""
    from scoper.services.assembling import assemble, read_result, read_spec_file, result_beside, spec_beside
    from scoper.services.cases import read_case

    file = read_case(Path(case), library.questions)
    path = Path(spec) if spec else spec_beside(file)
    own = read_spec_file(path) if path else None
    beside = result_beside(own) if own else None
    if beside:
        console.say(f"result: {beside}")
    return assemble(file, library, spec=own, result=read_result(beside) if beside else None)
