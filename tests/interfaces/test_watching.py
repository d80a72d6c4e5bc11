"""What is known of a probe after its events: pace and time left, derived from counts and the events' own times."""

import pytest

from scoper.domain.probe import CurvePoint, Failed, Heartbeat, ReturnMeasured, ReturnSummary, StageChanged, Started
from scoper.domain.probe_progress import StageProgressed, StopRule
from scoper.interfaces.watching import Pace, ProbeView, duration, fold, left_words, stop_words


def seen(*events):
    view = ProbeView()
    for event in events:
        view = fold(view, event)
    return view


def learning(*points, n_seeds=2, of_steps=100, budget_s=100.0):
    """Points (seed, steps, seconds) of one learner that begins at 10 s."""
    head = (Started(name="x", n_seeds=n_seeds, budget_s=budget_s), StageChanged(stage="learn", t_s=10.0))
    curve = (
        CurvePoint(learner="ppo", seed=seed, steps=steps, of_steps=of_steps, mean_return=0.0, t_s=at)
        for seed, steps, at in points
    )
    return seen(*head, *curve)


def test_the_time_left_is_the_timesteps_of_all_seeds_that_are_left_at_the_speed_so_far():
    view = learning((0, 50, 14.0), (1, 50, 14.0))  # 100 timesteps in 4 s, 100 left

    assert view.pace.share == pytest.approx(0.5)
    assert view.left_s() == pytest.approx(4.0)


def test_seeds_that_have_not_begun_count_with_all_their_timesteps():
    view = learning((0, 50, 12.0), n_seeds=3)  # 50 timesteps in 2 s, 250 left

    assert view.left_s() == pytest.approx(10.0)


def test_a_seed_that_stopped_early_has_nothing_left():
    early = CurvePoint(learner="ppo", seed=0, steps=20, of_steps=100, mean_return=9.0, stopped="solved", t_s=12.0)
    view = seen(Started(name="x", n_seeds=1), StageChanged(stage="learn", t_s=10.0), early)

    assert view.pace.share == 1.0
    assert view.left_s() == 0.0


def test_the_time_left_goes_down_while_nothing_comes_and_never_below_zero():
    view = learning((0, 50, 14.0), (1, 50, 14.0))

    assert fold(view, Heartbeat(t_s=15.0)).left_s() == pytest.approx(3.0)
    assert fold(view, Heartbeat(t_s=30.0)).left_s() == 0.0


def test_a_seed_that_learns_anew_with_more_timesteps_begins_its_curve_anew():
    first = learning((0, 50, 12.0), (0, 100, 14.0), n_seeds=1)
    again = CurvePoint(learner="ppo", seed=0, steps=40, of_steps=400, mean_return=2.0, t_s=16.0)
    view = fold(first, again)

    assert view.curves["ppo"][0] == ((40.0, 2.0),)
    assert view.ended == frozenset()
    assert view.pace.share == pytest.approx(0.1)


def test_a_further_learner_is_timed_from_the_return_of_the_one_before():
    first = learning((0, 100, 12.0), n_seeds=1)
    summary = ReturnSummary(mean=1.0, low=1.0, high=1.0, n=1, basis="measured")
    between = fold(first, ReturnMeasured(policy="ppo", summary=summary, t_s=20.0))
    second = fold(between, CurvePoint(learner="dqn", seed=0, steps=25, of_steps=100, mean_return=0.0, t_s=25.0))

    assert second.left_s() == pytest.approx(15.0)
    assert second.doing == "dqn"


def test_a_counted_stage_has_a_pace_from_its_own_beginning():
    view = seen(
        StageChanged(stage="floors", t_s=3.0), StageProgressed(stage="floors", done=1, of=4, doing="idle", t_s=5.0)
    )

    assert view.pace == Pace(done=1, of=4, began_s=3.0, at_s=5.0)
    assert view.left_s() == pytest.approx(6.0)


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ([], "budget left: 2 min"),
        ([(0, 50, 14.0), (1, 50, 14.0)], "about 4 s left (estimate), budget left: 86 s"),
        ([(0, 1, 14.0)], "would take about 13 min more (estimate), budget left: 86 s"),
        ([(0, 50, 110.0)], "about 5 min left (estimate), 10 s over its budget"),  # 50 timesteps in 100 s, 150 left
        ([(0, 100, 14.0), (1, 100, 14.0)], "budget left: 86 s"),
    ],
)
def test_the_words_name_the_estimate_as_one_and_how_the_budget_stands(points, said):
    assert left_words(learning(*points)) == said


@pytest.mark.parametrize(
    ("now_s", "said"),
    [
        (18.4, "longer than estimated, budget left: 82 s"),
        (100.2, "longer than estimated, the budget is used up"),
        (112.0, "longer than estimated, 12 s over its budget"),
    ],
)
def test_while_work_goes_on_nobody_says_that_no_time_is_left(now_s, said):
    waiting = fold(learning((0, 50, 14.0), (1, 50, 14.0)), Heartbeat(t_s=now_s))  # 4 s were left at 14 s

    assert left_words(waiting) == said


def test_what_a_busy_machine_took_is_not_taken_from_the_budget():
    busy = fold(learning(), Heartbeat(t_s=110.0, used_s=40.0))

    assert left_words(busy) == "budget left: 60 s"
    assert left_words(fold(busy, StageChanged(stage="diagnose", t_s=120.0))) == "budget left: 50 s"
    assert left_words(fold(busy, Heartbeat(t_s=200.0, used_s=105.0))) == "5 s over its budget"


def test_an_ended_probe_has_no_time_left():
    view = fold(learning((0, 50, 14.0)), Failed(code="crash", message="it broke", t_s=15.0))

    assert view.left_s() is None


def test_what_ends_a_stage_is_said_of_the_present_stage_only():
    rule = StopRule(stage="learn", when=("5 seeds decide", "at 264 s"))
    view = seen(StageChanged(stage="learn"), rule)

    assert stop_words(view) == "stops when 5 seeds decide, or at 264 s"
    assert stop_words(fold(view, StageChanged(stage="diagnose"))) == ""
    assert stop_words(ProbeView(stage="x", stops={"x": ("at 9 s",)})) == "stops at 9 s"


@pytest.mark.parametrize(("seconds", "said"), [(0.2, "0 s"), (89, "89 s"), (90, "2 min"), (5400, "1.5 h")])
def test_durations_are_said_in_the_unit_that_suits_them(seconds, said):
    assert duration(seconds) == said
