"""What the offline checks say of the files that an example brings: examples/checks/ID.workflow.yaml, ID.csv.

The results are made again at every check of the gallery and are part of the example's report; what is shipped beside
the example for `scoper report`, ID.checks.json, is the same.
"""

from __future__ import annotations

from scoper.domain.checks import CheckResult
from scoper.services.cases import CaseFile
from scoper.services.check_kept import kept_of
from scoper.services.check_recognition import fitting
from scoper.services.checking import run_check
from scoper.services.library import data_path

_BROUGHT = ((".workflow.yaml", "llm_orchestration"), (".csv", "plain_automation"))


def results_of_example(name: str) -> tuple[CheckResult, ...]:
    """The results of all checks that the example's own files are for; none where it brings no file."""
    found: list[CheckResult] = []
    for ending, technique in _BROUGHT:
        path = data_path("examples", "checks", f"{name}{ending}")
        if path.is_file():
            run = fitting(technique, path, {}).run
            found += [run_check(check, {check.inputs[0].name: path}, {}) for check in run]
    return tuple(found)


def text_of_example(file: CaseFile) -> str | None:
    """What ID.checks.json beside the example has to hold; None where it brings no file."""
    results = results_of_example(file.path.stem)
    return kept_of(file, results) if results else None
