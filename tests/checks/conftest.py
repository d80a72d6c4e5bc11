"""Running a check on files and words as the command line does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scoper.domain.checks import CheckResult, Quantity
from scoper.services.checking import check_named, run_check

Run = Callable[..., CheckResult]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """`run("pass_k", pilot="task,passed\\n...", k="4")`: files by input as texts or paths, words by parameter."""

    def running(name: str, **given: Any) -> CheckResult:
        check = check_named(name)
        files, words = {}, {}
        for key, value in given.items():
            if key in {item.name for item in check.inputs}:
                path = value if isinstance(value, Path) else tmp_path / f"{key}{ENDINGS.get(key, '.csv')}"
                if not isinstance(value, Path):
                    path.write_text(value, encoding="utf-8")
                files[key] = path
            else:
                words[key] = value
        return run_check(check, files, words)

    return running


ENDINGS = {"workflow": ".yaml", "calls": ".yaml", "contracts": ".json", "case": ".yaml", "documents": ".txt"}


def quantity(result: CheckResult, name: str) -> Quantity:
    """The quantity whose name begins so."""
    return next(each for each in result.outcome.quantities if each.name.startswith(name))


def codes(result: CheckResult) -> list[str]:
    """The codes of the faults, in order."""
    return [fault.code for fault in result.outcome.faults]
