"""`scoper gate CASE GATE`: exit 1 when a case does not meet what a gate file demands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoper.errors import Problem, ScoperError, UsageError
from scoper.interfaces import clock, console
from scoper.interfaces.cli.options import Common, common_options

if TYPE_CHECKING:
    from scoper.services.gating import Judgement

_MARKS = {True: "ok", False: "NO", None: "--"}

PLACE = ("report", 7)


@click.command(
    "gate",
    short_help="Exit 1 when a case does not meet a gate file.",
    epilog="Example: scoper gate case.yaml gate.yaml --format github",
)
@click.argument("files", metavar="CASE... GATE", nargs=-1, required=True, type=click.Path())
@click.option("--gate", "gate", type=click.Path(), help="The gate file; every argument is a case then.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "github"]),
    default="text",
    show_default=True,
    help="github: annotations of a workflow, at the lines of the case.",
)
@click.option("--result", type=click.Path(), help="A probe result (JSON); default: result.json beside the case's spec.")
@clock.today_option("The date that ages are counted to (YYYY-MM-DD); default: today.")
@common_options
def command(
    common: Common, files: tuple[str, ...], gate: str | None, format_: str, result: str | None, today_: str | None
) -> int:
    """Hold every CASE (or snapshot, report, dossier.json) against a gate file; name each condition that fails.

    \b
    scoper_gate: 1                           all that follows is optional
    technique: [plain_automation, classical_optimisation]
    readiness: [go, go_if]
    settled: yes
    support: 0.8
    answers: {exploration_safe: [yes, partly]}
    answered: [reward_measurable]            a known answer
    evidence: one_reason                     or reasons, all, a list of questions
    confidence: {at_least: medium, of: one_reason}
    min_respondents: 2
    agreement: yes                           respondents differ on nothing
    contradictions: no
    qualifiers_forbidden: [research_grade]
    rules: [00d4293afbdc35e7]                digests allowed
    review: {stated: yes, due: no, max_age_days: 180, snapshot_current: yes}
    probe:
      verdict: [feasible, feasible_with_conditions]
      current: yes                           measured on the present spec
      gap_share: 0.5                         at least, lower end
      min_seeds: 3
      findings: {blocker: 0, caution: 3, never: [sign_flip]}

    one_reason: every answer of at least one of the verdict's reasons. Demands on the probe are looked at where the
    verdict is reinforcement learning or something was probed. The age is that of the newest snapshot. Of a project in
    parts every part has to meet the gate, each failure names its part; one part alone is CASE#PART.
    """  # noqa: D301
    from scoper.services.gating import document, judge, read_gate
    from scoper.services.library import load_library
    from scoper.services.scopings import Scoping, read_scoping

    names, place = _named(files, gate)
    library = load_library(common.rules_dir)
    problems: list[Problem] = []
    first: ScoperError | None = None
    scopings: list[Scoping] = []
    demanded = None
    try:
        demanded = read_gate(Path(place), library)
    except ScoperError as error:
        first, problems = error, [*error.problems]
    for name in names:
        try:
            scopings.append(read_scoping(Path(name), library, result=Path(result) if result else None))
        except ScoperError as error:
            first, problems = first or error, [*problems, *error.problems]
    if demanded is None or first is not None:
        assert first is not None
        raise type(first)(problems)
    for scoping in scopings if result else ():
        if scoping.case is not None and scoping.case.parts:
            remedy = f"name one: {scoping.name}#{scoping.case.parts[0].id}"
            raise UsageError(Problem("gate-result", "--result is for one part", scoping.name, remedy=remedy))
    day = clock.today(today_)
    judgements = [judge(demanded, scoping, library, day) for scoping in scopings]
    for judgement in judgements:
        if common.json:
            console.data(json.dumps(document(judgement, demanded), ensure_ascii=False))
        else:
            console.data("\n".join(_github(judgement, place) if format_ == "github" else _lines(judgement, common)))
    return 0 if all(judgement.met for judgement in judgements) else 1


def _named(files: Sequence[str], gate: str | None) -> tuple[Sequence[str], str]:
    """The cases and the gate file; raises UsageError when one of them is missing."""
    if gate is not None:
        return files, gate
    if len(files) < 2:
        remedy = "scoper gate CASE GATE; --help shows what may stand in it"
        raise UsageError(Problem("gate-files", "a case and a gate file are needed", files[0], remedy=remedy))
    return files[:-1], files[-1]


def _github(judgement: Judgement, gate: str) -> list[str]:
    from scoper.services.gating import annotation

    failed = [annotation(condition, judgement) for condition in judgement.failed]
    looked = sum(condition.met is not None for condition in judgement.conditions)
    end = f"scoper gate: {judgement.case}: {looked - len(failed)} of {looked} conditions of {gate} are met"
    return [*failed, end.replace("\n", " ")]


def _lines(judgement: Judgement, common: Common) -> list[str]:
    looked = sum(condition.met is not None for condition in judgement.conditions)
    met = looked - len(judgement.failed)
    head = "meets the gate" if judgement.met else "does NOT meet the gate"
    lines = [f"{judgement.case} {head}: {met} of {looked} conditions"]
    for each in judgement.conditions:
        if each.met is False or not common.quiet:
            source, line, column = each.gate_place
            lines.append(
                f"  {_MARKS[each.met]}  {each.sentence}"
                + (f"  [{source}:{line}:{column}]" if each.met is False else "")
            )
    return lines
