"""What the offline checks say of the files that an example brings: examples/checks/ID.workflow.yaml, ID.csv.

The results are made again at every check of the gallery; names of files stand in them without their folder.
"""

from __future__ import annotations

from pathlib import Path

from scoper.domain.checks import CheckResult
from scoper.services.check_words import markdown_of
from scoper.services.checking import check_named, run_check, whole_checks
from scoper.services.library import data_path

NAME = "checks.md"


def checks_of_example(name: str) -> str | None:
    """The Markdown text of all checks on the example's own files; None where it brings none."""
    results: list[CheckResult] = []
    workflow, cases = (data_path("examples", "checks", f"{name}{ending}") for ending in (".workflow.yaml", ".csv"))
    if workflow.is_file():
        results.append(run_check(check_named("workflow"), {"workflow": workflow}, {}))
    if cases.is_file():
        results += [run_check(check, {"cases": cases}, {}) for check in whole_checks("plain_automation")]
    if not results:
        return None
    files = ", ".join(f"`examples/checks/{path.name}`" for path in (workflow, cases) if path.is_file())
    head = f"# What the checks say\n\nMade by `scoper check` from {files}, without anything being sent anywhere.\n\n"
    return head + markdown_of([_named(result) for result in results], level=2)


def _named(result: CheckResult) -> CheckResult:
    """The result with files called by their names alone."""
    faults = tuple(
        fault.model_copy(update={"source": Path(fault.source).name}) if fault.source else fault
        for fault in result.outcome.faults
    )
    inputs = {Path(path).name: digest for path, digest in result.inputs.items()}
    return result.model_copy(update={"inputs": inputs, "outcome": result.outcome.model_copy(update={"faults": faults})})
