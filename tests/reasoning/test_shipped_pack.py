"""The shipped rules against enumeration, all but eight signals fixed; the benchmark `exactness` does more of it."""

import runpy
from pathlib import Path

import pytest

BENCHMARK = runpy.run_path(str(Path(__file__).parent.parent / "benchmarks" / "exactness.py"))


@pytest.mark.slow
def test_possible_verdicts_reasons_and_flips_equal_enumeration_without_and_with_confidences():
    plain, doubted = BENCHMARK["compare"](40, 1)

    assert (plain.tolist(), doubted.tolist()) == ([20, 20, 20], [20, 20, 20])
