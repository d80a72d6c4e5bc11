"""`scoper run CASE -o DIR`: verdict, scaffold, probe and report in one go."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scoper.interfaces import console
from scoper.interfaces.cli._probe_live import Teller
from scoper.interfaces.cli.options import Common, common_options

if TYPE_CHECKING:
    from scoper.services.report_data import ReportData
    from scoper.services.running import Outcome

PLACE = ("scope", 4)


@click.command(
    "run",
    short_help="Everything in one go: verdict, scaffold, probe, report.",
    epilog="Example: scoper run examples/warehouse_reorder.yaml -o out --budget quick",
)
@click.argument("case", type=click.Path())
@click.option("-o", "--output", required=True, type=click.Path(), help="Folder to write to.")
@click.option("--budget", default="standard", show_default=True, help="The probe's: quick, standard, long or seconds.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of the probe.")
@click.option("--spec", type=click.Path(), help="The MDP spec; default: the edited one in DIR, or the case's.")
@click.option("--result", type=click.Path(), help="A probe result (JSON) to report instead of probing.")
@click.option("--force", is_flag=True, help="Write into a folder that is not empty; an edited spec in it is kept.")
@common_options
def command(
    common: Common, case: str, output: str, budget: str, seed: int, spec: str | None, result: str | None, force: bool
) -> int:
    """Assess CASE, draft what its technique needs, probe the spec when RL is indicated, and write the report.

    The report is DIR/report.md (and report.html); beside it verdict.json, result.json, dossier.json and the scaffold.
    Fill in DIR/scaffold/mdp.yaml and call this again with --force: what you edited is kept, and probed. A probe that
    fails is a finding of the report; the exit code is then 3. A case with parts is done part by part, each in the
    folder of DIR that bears its id, and DIR/report.md is about the whole.
    """
    from scoper.interfaces.cli.commands.report import stated_date
    from scoper.interfaces.cli.next_step import next_of_run
    from scoper.services.cases import read_case
    from scoper.services.library import load_library
    from scoper.services.report_data import load_report_data
    from scoper.services.running import Listeners, Wishes, run_case, run_parts

    library = load_library(common.rules_dir)
    data = load_report_data(common.rules_dir, library.questions)
    file = read_case(Path(case), library.questions)
    given = {"spec": Path(spec) if spec else None, "result": Path(result) if result else None}
    wishes = Wishes(budget=budget, seed=seed, trust=common.trust, overwrite=force, **given)
    listeners = Listeners(say=console.say, on_event=Teller())
    if file.case.parts:
        return _parts(common, data, run_parts(file, library, data, Path(output), wishes, listeners, stated_date()))
    outcome = run_case(file, library, data, Path(output), wishes, listeners, stated_date())
    document = _told(outcome, data)
    console.say("report:")
    console.data(json.dumps({"format": 1, **document}, ensure_ascii=False) if common.json else str(outcome.report))
    if not common.json and (told := next_of_run(case, output, outcome)):
        console.say(told)
    return _exit_code(outcome)


def _parts(common: Common, data: ReportData, done: Mapping[str, Outcome]) -> int:
    """Tell of each part of a project and of the whole; the first failure's exit code."""
    whole = done[""]
    parts = []
    for name, outcome in done.items():
        if name:
            console.say(f"{name}:")
            parts.append({"part": name, **_told(outcome, data)})
    document = {"format": 1, "report": str(whole.report), "files": [str(path) for path in whole.files], "parts": parts}
    console.say("report:")
    console.data(json.dumps(document, ensure_ascii=False) if common.json else str(whole.report))
    return next((code for outcome in done.values() if (code := _exit_code(outcome))), 0)


def _told(outcome: Outcome, data: ReportData) -> dict[str, Any]:
    """Say the verdict and what the probe found; returns the document about it."""
    verdict, measured = outcome.dossier.verdict, outcome.dossier.result
    name = data.name("techniques", verdict.technique)
    console.say(f"verdict: {name}: {data.name('readiness', verdict.readiness)}")
    if measured is not None:
        console.say(f"probe: {data.name('probe_verdicts', measured.verdict)}: {measured.because}")
    return {
        "report": str(outcome.report),
        "technique": verdict.technique,
        "readiness": verdict.readiness,
        "probe": measured.verdict if measured else None,
        "files": [str(path) for path in outcome.files],
    }


def _exit_code(outcome: Outcome) -> int:
    if outcome.failure is None:
        return 0
    for problem in outcome.failure.problems:
        console.complain(f"scoper: error[{problem.code}]: {problem.sentence()}")
    return outcome.failure.exit_code
