"""How a probe spends seeds and timesteps: looks, rungs, error rates, and what is decided when."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from scoper.baselines import Outcome, Task
from scoper.baselines._rollout import interval_summary, joined_batches
from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.probe import LearningCurve, ProbePlan, ReturnSummary
from scoper.probe.spending import (
    ERROR,
    Spender,
    bar_of,
    efforts_of,
    efforts_on,
    error_of,
    looks_of,
    named_budget,
    rules_for,
)


def plan_of(**changed):
    return ProbePlan(spec_text="", spec=EnvironmentSpec(name="x", id="X-v0"), **changed)


def exact(value):
    summary = ReturnSummary(mean=value, low=value, high=value, n=1, basis="proved")
    return Outcome(summary, (value,))


def learned(*returns, planned=1000, **changed):
    steps = planned * len(returns)
    return Outcome(interval_summary(returns, "x"), returns, words="x", planned=planned, steps=steps, **changed)


def spender(looks=(3, 4, 6), efforts=(0.4,), **changed):
    known = {"floors": {"random": exact(0.1)}, "low": 0.0, "high": 1.0, **changed}
    return Spender(looks, efforts, error_of(0), **known)


def test_the_errors_of_all_learners_together_stay_within_the_stated_one():
    assert sum(error_of(place) for place in range(50)) <= ERROR * (1 + 1e-12)
    assert error_of(0) == pytest.approx(2 * ERROR / 3)


@pytest.mark.parametrize(("law_looks", "law"), [((3, 4, 6), "typical"), ((3,), "normal")])
def test_the_parts_of_the_error_are_for_limits_and_for_seeds_above_each_other(law_looks, law):
    rules = rules_for(law_looks, error_of(0), 1, 0.0, 1.0)

    assert [rule.law for rule in rules] == ["bounded", law]
    assert sum(rule.error for rule in rules) == pytest.approx(error_of(0))


@pytest.mark.parametrize("budget", ["quick", "standard", "long"])
@pytest.mark.parametrize("place", [0, 1, 3])
def test_the_last_look_has_seeds_enough_to_decide_whatever_their_law(budget, place):
    plan = plan_of(budget=budget)
    n_rungs = len(efforts_of(plan, has_table=False))
    looks = looks_of(plan, place, n_rungs)
    ahead = spender(looks, efforts_of(plan, has_table=False), low=-math.inf, high=math.inf)
    ahead = Spender(looks, ahead.efforts, error_of(place), ahead.floors)

    move = ahead.judge([learned(*np.linspace(0.2, 0.3, looks[-1]))])

    assert move.decision.outcome == "better"
    assert move.decision.law == "typical"


def test_seconds_between_the_named_budgets_have_the_rungs_below_them_and_their_own():
    assert named_budget(plan_of(budget="60 s", budget_s=60.0)) == "quick"
    assert efforts_of(plan_of(budget="60 s", budget_s=60.0), has_table=False) == (0.2,)
    assert efforts_of(plan_of(budget="600 s", budget_s=600.0), has_table=False) == (0.4, 1.0, 2.0)
    assert efforts_of(plan_of(budget="long"), has_table=True) == (1.0, 5.0)
    assert efforts_of(plan_of(budget="long", learning_steps=7), has_table=False) == (1.0,)


def test_seeds_far_above_a_low_floor_are_decided_at_the_first_look_by_their_limits_alone():
    spending = spender(floors={"random": exact(0.02)})
    move = spending.judge([learned(0.9, 0.95, 0.92)])
    told = spending.summary("ppo", move, [learned(0.9, 0.95, 0.92)])

    assert (move.action, told.outcome, told.law, told.claim) == ("stop", "better", "bounded", "mean")
    assert (told.n_seeds, told.looks, told.error) == (3, (3, 4, 6), ERROR)
    assert told.saved == pytest.approx(0.5)  # three seeds of six
    assert told.needed is None


def test_seeds_at_the_floor_ask_for_more_timesteps_and_then_end_undecided():
    spending = spender((3, 5, 7), (0.4, 1.0))
    first, second = learned(0.1, 0.09, 0.11, planned=400), learned(0.1, 0.11, 0.09)

    going_on = spending.judge([first])
    assert going_on.action == "more_timesteps"
    assert spending.summary("ppo", going_on, [first]).steps == 400  # what is known until the next rung is
    end = spending.judge([first, second])
    told = spending.summary("ppo", end, [first, second])
    assert (end.action, told.outcome) == ("stop", "undecided")
    assert told.excluded > 0.0
    assert told.steps == 1000


def test_a_later_rung_decides_what_the_first_left_open():
    first, second = learned(0.1, 0.09, 0.11, planned=400), learned(0.9, 0.95, 0.99)
    spending = spender((3, 5, 7), (0.4, 1.0), floors={"random": exact(0.02)})
    move = spending.judge([learned(0.01, 0.0, 0.02, planned=400), second])

    assert (move.action, move.rung, move.decision.outcome) == ("stop", 1, "better")
    assert spending.judge([first]).rung in (0, 1)


def test_a_budget_that_buys_three_seeds_and_no_more_timesteps_judges_them_by_students_test():
    bought = learned(-5.0, -5.1, -4.9, most_seeds=3, capped=True)
    spending = spender((3, 5, 7), (0.4, 1.0), floors={"random": exact(-9.0)}, low=-math.inf, high=math.inf)
    told = spending.summary("sac", spending.judge([bought]), [bought])

    assert (told.outcome, told.law, told.looks) == ("better", "normal", (3,))
    assert "normally distributed" in told.assumed


def test_a_budget_that_buys_no_more_seeds_ends_the_learner():
    bought = learned(0.1, 0.25, 0.3, most_seeds=3, capped=True)
    move = spender().judge([bought])

    assert move.action == "stop"
    assert move.decision.outcome == "undecided"


def test_nothing_is_called_not_better_where_no_gain_is_known_to_matter():
    low = learned(*[0.01] * 6)

    assert spender().judge([low]).decision.outcome == "undecided"
    assert spender(margin=0.3).judge([low]).decision.outcome == "not_better"


def test_ten_failures_of_a_floor_leave_open_what_ten_failures_leave_open():
    zeros = tuple([0.0] * 10)
    floor = Outcome(interval_summary(zeros, "x"), zeros)
    bar = bar_of({"random": floor}, 0.05, highest=1.0)

    # betting on zeros: every stake s of the mixture loses or keeps, so the bound solves E[(1 - s)^...]; it lies between
    # the exact binomial bound 1 - 0.005^(1/10) and the whole range
    assert 1.0 - 0.005 ** (1 / 10) <= bar.high < 1.0
    assert bar.low == 0.0


def test_batches_add_up_to_the_seeds_in_order():
    curve = LearningCurve(learner="x", seed=0, steps=(10,), returns=(1.0,))
    first = learned(1.0, 2.0, planned=10, curves=(curve,), objective=1.0, last=(1.0, 1.5))
    both = joined_batches(first, learned(4.0, planned=10, curves=(curve,), objective=4.0, last=(3.0,)))

    assert both.samples == (1.0, 2.0, 4.0)
    assert both.steps == 30
    assert both.last == (1.0, 1.5, 3.0)
    assert both.objective == pytest.approx(2.0)
    assert len(both.curves) == 2
    assert both.summary.n == 3
    assert both.summary.policy == "x; 95 % Student interval over 3 seeds"


def test_large_tables_have_a_second_rung_for_the_first_learner_only():
    tables = [SimpleNamespace(available=np.ones((n, 4), dtype=bool)) for n in (400, 5)]
    large, small = (Task("t", 0.9, 0.9, None, table=table) for table in tables)  # 1,600 pairs: 3.2 of 2 million steps

    assert efforts_on(plan_of(budget="quick"), large) == (1.0, 1.6)
    assert efforts_on(plan_of(budget="long"), large) == (1.0, 1.6, 5.0)
    assert efforts_on(plan_of(budget="quick"), large, place=1) == (1.0,)
    assert efforts_on(plan_of(budget="quick"), small) == (1.0,)


@pytest.mark.parametrize(("seeds", "move"), [((0.0, 0.3, -0.2), "more_timesteps"), ((0.0, 0.05, -0.2), "stop")])
def test_more_timesteps_on_a_table_are_for_learners_of_which_a_seed_was_above_the_floors(seeds, move):
    hinted = spender((3, 4, 6), (1.0, 1.6), low=-math.inf, high=math.inf, needs_hint=True)

    assert hinted.judge([learned(*seeds)]).action == move
