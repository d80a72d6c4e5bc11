"""The lines and the page that a probe's events and result become."""

import pytest

from scoper.domain.findings import Finding
from scoper.domain.probe import (
    Cost,
    CurvePoint,
    GapShare,
    ProbeResult,
    ReturnMeasured,
    ReturnSummary,
    StageChanged,
    Started,
    StepsRange,
)
from scoper.domain.probe_progress import StopRule
from scoper.domain.probe_statistics import DecisionSummary, WorthSummary
from scoper.interfaces.cli._probe_text import event_line, live_line, result_text
from scoper.interfaces.watching import ProbeView, fold
from scoper.numerics.improvement import independent_gain


def summary(mean, low, high, basis="measured", policy=""):
    return ReturnSummary(mean=mean, low=low, high=high, n=3, basis=basis, policy=policy)


@pytest.fixture
def page():
    """The page on one line, for a result with these returns."""

    def make(returns, **rest):
        result = ProbeResult(spec={"name": "x"}, verdict="feasible", criterion="mean return", returns=returns, **rest)
        return " ".join(result_text(result).split())

    return make


def test_only_what_is_proved_is_called_exact(page):
    text = page({"ppo": summary(5.0, 5.0, 5.0), "random": summary(1.0, 1.0, 1.0, "proved")})

    assert "5 no spread" in text
    assert "1 exact" in text
    assert text.count("exact") == 1


def test_a_measured_return_without_spread_is_one_number_in_its_line():
    line = event_line(ReturnMeasured(policy="ppo", summary=summary(5.0, 5.0, 5.0)))

    assert line.endswith("5, no spread, n = 3")


def test_steps_that_every_seed_took_are_one_number(page):
    cost = Cost(steps_per_s=1000.0, steps_to_target=StepsRange(low=499_968, high=499_968), hours_to_target=0.1)

    assert "95 % of the gap after 499,968 timesteps" in page({}, cost=cost)


@pytest.mark.parametrize(
    ("whose", "words"), [("environment", "the environment's own steps"), ("learner", "learning on the table")]
)
def test_the_speed_says_whose_timesteps_it_counts(page, whose, words):
    assert f"1,000 timesteps/s ({words})" in page({}, cost=Cost(steps_per_s=1000.0, speed_of=whose))


def test_the_gap_share_says_how_its_interval_was_made_and_whether_its_ceiling_is_proved(page):
    gap = GapShare(estimate=0.9, low=0.8, high=1.1, n_seeds=3, learner="ppo", floor="random", ceiling="best found")
    returns = {"random": summary(1.0, 0.9, 1.1), "ppo": summary(9.0, 8.0, 10.0)}

    text = page(returns, gap_share=gap)
    assert "Gap share: 90.0 % [80.0 %, 110.0 %] of the way" in text
    assert "(ppo, 95 % Student interval over 3 seeds; the ceiling is not proved)" in text


@pytest.mark.parametrize(("stopped", "said"), [("its share of the time is over", True), ("", False)])
def test_a_seed_that_stops_early_gets_a_line(stopped, said):
    point = CurvePoint(learner="ppo", seed=1, steps=10_100, of_steps=40_000, mean_return=500.0, stopped=stopped)
    between = point.model_copy(update={"steps": 13_000})
    line = event_line(between, fold(ProbeView(), point))

    assert bool(line) is said
    if said:
        assert "ppo seed 2: 500 after 13,000 of 40,000 timesteps; stopped here" in line


def test_every_seed_gets_one_line_a_quarter_of_its_timesteps_however_its_points_are_spaced():
    said, view = [], ProbeView()
    for steps in (300, 900, 1100, 1200, 2900, 3100, 4000):
        point = CurvePoint(learner="ppo", seed=0, steps=steps, of_steps=4000, mean_return=1.0)
        said += [steps] if event_line(point, view) else []
        view = fold(view, point)

    assert said == [1100, 2900, 3100, 4000]


def test_the_live_line_says_stage_share_and_time_left():
    view = fold(ProbeView(), Started(name="x", budget_s=60.0, n_seeds=1))
    view = fold(view, StageChanged(stage="learn", t_s=2.0))
    view = fold(view, CurvePoint(learner="ppo", seed=0, steps=25, of_steps=100, mean_return=1.0, t_s=3.0))

    assert live_line(view) == "3 s · learn (4 of 5) · ppo 25 % · about 3 s left (estimate), budget left: 57 s"
    assert live_line(ProbeView()) == ""


def test_what_ends_a_stage_is_a_line():
    said = event_line(StopRule(stage="learn", when=("5 seeds decide at 5 % error", "at 264 s")))

    assert said.endswith("stops when 5 seeds decide at 5 % error, or at 264 s")


def test_a_return_that_is_measured_again_names_what_it_was_before_as_a_clause():
    first = ReturnMeasured(policy="ppo", summary=summary(7.0, 6.0, 8.0).model_copy(update={"n": 3}))
    again = ReturnMeasured(policy="ppo", summary=summary(7.5, 7.0, 8.0).model_copy(update={"n": 7}))
    before = fold(ProbeView(), first)
    assert event_line(first, ProbeView()).endswith("ppo                  7 [6, 8], n = 3")
    assert event_line(again, before).endswith("ppo                  7.5 [7, 8], n = 7; with 3 seeds before: 7")
    longer = ReturnMeasured(policy="ppo", summary=summary(7.5, 7.0, 8.0).model_copy(update={"n": 3}))
    assert event_line(longer, before).endswith("ppo                  7.5 [7, 8], n = 3; measured before: 7")


@pytest.mark.parametrize(("claim", "said"), [("median", True), ("mean", False)])
def test_a_learner_that_was_decided_on_its_median_seed_has_it_beside_its_mean(page, claim, said):
    decision = DecisionSummary(
        outcome="better", learner="ppo", floor="random", claim=claim, law="typical", estimate=7.8, low=7.0, high=8.0,
        bar=1.0, bar_high=1.1, n_seeds=5, looks=(5,), steps=1000, error=0.05, assumed="the seeds",
    )  # fmt: skip
    returns = {"random": summary(1.0, 0.9, 1.1), "ppo": summary(7.0, 6.0, 8.0, policy="greedy")}
    text = page(returns, decision=decision)
    assert ("ppo: greedy; its median seed, which was decided on, returns 7.8" in text) is said
    assert text.count("median seed") == said


@pytest.mark.parametrize("at_hand", [True, False])
def test_no_learner_is_said_to_pay_where_the_exact_policy_is_at_hand(page, at_hand):
    gain = independent_gain([12.0, 12.5, 13.0], [2.0])
    worth = WorthSummary(
        verdict=gain.worth,
        learner="q_learning",
        rule="fill_up",
        gain=gain.mean,
        low=gain.low,
        high=gain.high,
        n=3,
        sentence=gain.sentence("q_learning", "fill_up"),
    )
    solved = Finding(code="table_solves_it", severity="info", claim="the exact policy is at hand", remedy="use it")
    text = page({}, worth=worth, findings=(solved,) if at_hand else ())

    assert "q_learning gains 10.5 over fill_up (" in text
    assert ("learning pays" in text) is not at_hand
    assert ("the optimum pays over the rule" in text) is at_hand
