"""The rules against 45 real projects, in both codings: the shares the project promises."""

import runpy
from pathlib import Path

import pytest

BENCHMARK = runpy.run_path(str(Path(__file__).parent.parent / "benchmarks" / "verdicts.py"))


@pytest.mark.parametrize("coding", ["interview", "blind"])
def test_the_technique_that_worked_is_named(coding):
    shares = BENCHMARK["shares"](BENCHMARK["outcomes"](coding))
    clear, all_cases, family = shares.values()

    assert clear[0] / clear[1] >= 0.97
    assert all_cases[0] / all_cases[1] >= 0.95
    assert family[0] / family[1] >= 0.85
    assert (clear[1], all_cases[1]) == (33, 45)
