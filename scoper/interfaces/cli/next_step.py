"""The one fitting next step after a command has said its piece, as a line that can be copied."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scoper.domain.decision import UNDECIDED, Verdict
from scoper.interfaces.cli.dialogue_lines import COMMAND, terminal_width

if TYPE_CHECKING:
    from scoper.domain.dossier import Dossier
    from scoper.domain.project import Project
    from scoper.services.cases import CaseFile
    from scoper.services.library import Library
    from scoper.services.running import Outcome

LEARNS = "reinforcement_learning"


def pointed(command: str, purpose: str) -> str:
    """A command on a line that is never broken; what it is for behind it, or on the next line of a narrow terminal."""
    line = f"{COMMAND}{command}   ({purpose})"
    return line if len(line) <= terminal_width() else f"{COMMAND}{command}\n      ({purpose})"


def saved_line(file: CaseFile, library: Library) -> str:
    """Where the answers are, and how many of the questions have one."""
    answered = sum(signal in library.questions for signal in file.case.answers)
    beside = len(file.case.answers) - answered
    followed = f", and {beside} follow-up question{'s' if beside > 1 else ''}" if beside else ""
    return f"Saved in {file.named}: {answered} of {len(library.questions)} questions answered{followed}."


def next_line(case: str, settled: bool, technique: str) -> str:
    """More answers while they can still change the technique, then everything in one go; broken before its purpose."""
    name = shlex.quote(case)
    if not settled:
        return pointed(f"scoper ask {name}", "what is still open, the most telling first")
    if technique == UNDECIDED:
        return pointed(f"scoper precedents {name}", "real projects that looked like this")
    return everything(name, technique)


def everything(name: str, technique: str) -> str:
    """All that can be made of a settled verdict, said as it is for this technique; `name` is quoted already."""
    purpose = "spec, probe and report" if technique == LEARNS else "first files, first week and report"
    return pointed(f"scoper run {name} -o out", purpose)


def next_of_project(case: str, project: Project) -> str:
    """The first part that open answers can still change, else everything in one go, part by part."""
    for part in project.parts:
        if not part.verdict.settled:
            where = shlex.quote(f"{case}#{part.id}")
            return pointed(f"scoper ask {where}", f"what is still open in {part.title}")
    return pointed(f"scoper run {shlex.quote(case)} -o out", "files and report, part by part")


def next_of_run(case: str, folder: str, outcome: Outcome) -> str:
    """The same again once a drafted spec is filled in; empty where nothing waits for that."""
    spec = Path(folder) / "scaffold" / "mdp.yaml"
    if outcome.failure is not None or not outcome.dossier.spec_notes or not spec.is_file():
        return ""
    again = pointed(f"scoper run {shlex.quote(case)} -o {shlex.quote(folder)} --force", "probes it, report anew")
    return f"Fill in the lines of {spec} that are marked TODO.\n{again}"


def next_of_several(cases: Sequence[tuple[str, Verdict]]) -> str:
    """The page that ranks the cases of one folder; of several folders the next step of the first case still open."""
    folders = {str(Path(case).parent) for case, _ in cases}
    if len(folders) == 1:
        return pointed(f"scoper portfolio {shlex.quote(folders.pop())}", "all cases of this folder ranked on one page")
    case, verdict = next(((case, verdict) for case, verdict in cases if not verdict.settled), cases[0])
    return next_line(case, verdict.settled, verdict.technique)


def next_of_probe(spec: str, events: str | None, options: Sequence[str]) -> str:
    """What keeps the result that was only shown: from its recorded events where there are some, else measured again.

    options: those of the probe that decide what is measured.
    """
    kept = Path(spec).with_name("result.json")
    output = f"-o {shlex.quote(str(kept))}{' --force' if kept.exists() else ''}"
    if events is not None:
        command = f"scoper probe {shlex.quote(events)} --replay {output}"
        return pointed(command, "keeps this result for report and feedback")
    command = " ".join(["scoper probe", shlex.quote(spec), *map(shlex.quote, options), output])
    return pointed(command, "measures again and keeps the result for report and feedback")


def next_of_risks(case: str, parts: Iterable[tuple[str, Dossier]]) -> str:
    """The follow-up questions of the first part whose answers leave a risk open, else the report."""
    for part, dossier in parts:
        entries = dossier.approach.risks if dossier.approach is not None else ()
        asked = {fact for risk in entries if risk.standing == "open" for fact in risk.facts}
        if asked - set(dossier.case.answers):
            name = shlex.quote(f"{case}#{part}" if part else case)
            return pointed(f"scoper ask {name} --follow-ups", "settles the risks that only may apply")
    return pointed(f"scoper report {shlex.quote(case)} -o report.md", "the register beside all the rest")


def next_of_check(case: str | None, kept: bool) -> str:
    """From a result on the screen to one that a report shows."""
    if case is not None and kept:
        return pointed(f"scoper report {shlex.quote(case)} -o report.md", "shows what was kept")
    name = shlex.quote(case) if case is not None else "CASE"
    return f"Next: the same command with --case {name} --keep   (puts it into the report of that case)"
