"""Verdicts on real cases under answers a little different: the shares the project promises."""

import runpy
from pathlib import Path

import pytest

BENCHMARK = runpy.run_path(str(Path(__file__).parent.parent / "benchmarks" / "robustness.py"))


@pytest.mark.slow
def test_one_answer_moved_or_three_unknown_leave_97_percent_of_the_verdicts_standing():
    moved, missing, traps = (found for _, found in BENCHMARK["measure"](0, triples=40))

    assert sum(moved) / len(moved) >= 0.97
    assert sum(missing) / len(missing) >= 0.97
    assert all(traps)
    assert len(moved) > 2000
