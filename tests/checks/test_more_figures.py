"""A second, independent figure for several checks: tables, closed formulas, and error rates under the null."""

from __future__ import annotations

import pytest

from tests.checks.conftest import Run, codes
from tests.checks.test_automation import made


@pytest.mark.parametrize(
    ("target", "failures", "cases"),
    [("0.99", 0, 299), ("0.99", 1, 473), ("0.99", 2, 628), ("0.9", 0, 29), ("0.9", 1, 46), ("0.9", 2, 61)],
)
def test_sizes_at_95_percent_confidence_are_those_of_the_tables_for_99_and_90_percent(
    run: Run, target: str, failures: int, cases: int
) -> None:
    # Wilks (1941): the smallest n with P(at most k failures | n, 1 - target) <= 0.05
    rows = dict(run("evaluation_size", target=target, confidence="0.95").outcome.listings[0].rows)

    assert rows[str(failures)] == str(cases)


def test_runs_under_way_are_the_arrival_rate_times_the_time(run: Run) -> None:
    # Little (1961): 1,200 an hour for 27 s each is a third of a run a second, nine at once
    values = [q.value for q in run("load", per_hour="1200", seconds="27").outcome.quantities]

    assert any(value == pytest.approx(9.0) for value in values)


def test_building_pays_back_after_its_cost_over_what_a_month_saves(run: Run) -> None:
    # 1,000 cases x 0.5 x 6 minutes x 40 an hour = 2,000 a month; 12,000 to build is six months
    result = run("break_even", volume="1000", minutes="6", hourly="40", share="0.5", build="12000")

    assert any(q.value == pytest.approx(6.0) for q in result.outcome.quantities)


@pytest.mark.slow
def test_cases_that_did_not_change_are_seldom_said_to_have_changed(run: Run) -> None:
    # two tests at 5 %: at most about one in ten; 12 of 60 or more would have a chance of 1 % then
    alarms = sum("rules_changed" in codes(run("drift", cases=made(240, 0.1, seed))) for seed in range(60))

    assert alarms <= 11
