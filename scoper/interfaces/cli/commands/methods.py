"""`scoper methods CASE`: how to go about the verdict: methods ranked, the lowest rung, the kind of solution."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scoper.errors import Problem, UsageError
from scoper.interfaces import console
from scoper.interfaces.cli.options import Common, common_options

if TYPE_CHECKING:
    from scoper.domain.approach import Selection
    from scoper.domain.dossier import Dossier
    from scoper.services.cases import CaseFile
    from scoper.services.library import Library

    Dossiers = tuple[tuple[str, Dossier], ...]

PLACE = ("closer", 1)


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
    over the open answers; follow-up answers (`scoper ask CASE --follow-ups`) narrow it down. A case with parts is told
    part by part.
    """
    from scoper.services.library import load_library

    library = load_library(common.rules_dir)
    dossiers = dossiers_of(case, spec, library)
    if common.json:
        console.data(json.dumps(with_parts(dossiers, _document), ensure_ascii=False, indent=2))
        return
    console.data("\n\n".join("\n".join(_lines(part, each, everything)) for part, each in told_apart(dossiers)))
    asked = [
        f"{case}#{part}" if part else case
        for part, dossier in told_apart(dossiers)
        if any(ask.id not in library.questions for each in selections(dossier) for ask in each.asks)
    ]
    for name in asked:
        console.say(f"Next: scoper ask {shlex.quote(name)} --follow-ups   (what tells them apart)")


def _document(dossier: Dossier) -> dict[str, Any]:
    assert dossier.approach is not None
    return {
        "case": {"title": dossier.case.title, "digest": dossier.case_digest},
        "rules_digest": dossier.rules_digest,
        "technique": dossier.verdict.technique,
        **dossier.approach.model_dump(mode="json", exclude={"risks"}),
    }


def _lines(part: str, dossier: Dossier, everything: bool) -> list[str]:
    from scoper.interfaces.cli.approach_text import approach_lines
    from scoper.interfaces.cli.verdict_text import headline_lines

    assert dossier.approach is not None
    head = [heading(part, dossier), *(f"  {line}" for line in headline_lines(dossier.verdict))]
    return [*head, *approach_lines(dossier.approach, everything=everything)]


def heading(part: str, dossier: Dossier) -> str:
    """The title of a case; that of a part with its id behind it."""
    return f"{dossier.case.title}  [{part}]" if part else dossier.case.title


def selections(dossier: Dossier) -> tuple[Selection, ...]:
    """What the verdict leaves to choose."""
    return dossier.approach.selections if dossier.approach is not None else ()


def with_parts(dossiers: Dossiers, document: Callable[[Dossier], dict[str, Any]]) -> dict[str, Any]:
    """The document of a case, and under `parts` that of every part of a project."""
    (_, whole), *parts = dossiers
    told = [{"part": name, **document(dossier)} for name, dossier in parts]
    return {"format": 1, **document(whole), **({"parts": told} if told else {})}


def told_apart(dossiers: Dossiers) -> Dossiers:
    """What people are told of: the case, or the parts of a project one by one."""
    return dossiers[1:] or dossiers


def dossiers_of(case: str, spec: str | None, library: Library) -> Dossiers:
    """The dossier of a case file under an empty name, then those of its parts by their ids.

    Each comes with its spec and the probe's result beside that, if there are any. Raises UsageError where a spec is
    given for a project.
    """
    from scoper.services.cases import in_parts, read_case

    file = read_case(Path(case), library.questions)
    if file.case.parts and spec:
        remedy = f"name one: {case}#{file.case.parts[0].id}"
        raise UsageError(Problem("spec-part", "--spec is for one part", case, remedy=remedy))
    whole = ("", dossier_of(file, spec, library))
    parts = in_parts(file) if file.case.parts else ()
    return (whole, *((part.part or "", dossier_of(part, None, library)) for part in parts))


def dossier_of(file: CaseFile, spec: str | None, library: Library) -> Dossier:
    """The dossier of a case, with its spec and the probe's result beside that, if there are any."""
    from scoper.services.assembling import assemble, read_result, read_spec_file, result_beside, spec_beside

    path = Path(spec) if spec else spec_beside(file)
    own = read_spec_file(path) if path else None
    beside = result_beside(own) if own else None
    if beside:
        console.say(f"result: {beside}")
    return assemble(file, library, spec=own, result=read_result(beside) if beside else None)
