"""Events that come whatever is done, ways that were not gone to their end, and what counts down on the way."""

from dataclasses import replace

import numpy as np
import pytest

from scoper.diagnostics import Evidence, noise_dominated, policy_independent_return
from scoper.diagnostics._closed import closed
from scoper.diagnostics._same import comes_anyway
from tests.diagnostics.stepped import model_of, run


def landing(shown: bool, moved: float = 0.0):
    """A tank is emptied by the action, half of the time something comes in; that is paid, be it shown in the tank."""

    def step(h, a, t, e, rng):
        comes = int(rng.random() < 0.5 + moved * a)
        inside = (h[0] * (1 - a) + comes * shown) if h[0] * (1 - a) + comes * shown <= 4 else 4
        return (inside,), float(comes) if shown else float(rng.choice([0.0, 1.0])), False

    return step


def paid(episodes_of, step, best=10.0):
    """Five policies of 300 episodes with 20 coin throws each, of which one returns `best` on average."""
    rng = np.random.default_rng(1)
    means = {"random": 10.0, "idle": 10.0, "constant": 10.0, "linear": best, "threshold": 10.0}
    sets = {n: episodes_of(m + np.sqrt(5) * rng.normal(size=300), np.full(300, 20), False) for n, m in means.items()}
    return Evidence(model=model_of(run(step, lambda e, rng: (0,), n=4_000)), episodes=sets)


def test_a_reward_for_what_comes_anyway_is_no_noise_where_the_next_state_tells_it(episodes_of):
    evidence = paid(episodes_of, landing(shown=True))

    assert [f.defect for f in policy_independent_return.inspect(evidence)] == ["policy_independent_return"]
    assert noise_dominated.inspect(evidence) == []


def test_noise_that_nothing_tells_stays_noise(episodes_of):
    evidence = paid(episodes_of, landing(shown=False))

    assert policy_independent_return.inspect(evidence) == []
    assert [f.defect for f in noise_dominated.inspect(evidence)] == ["noise_dominated"]


@pytest.mark.parametrize(("moved", "best"), [(0.2, 10.0), (0.0, 15.0)], ids=["the action moves it", "one stands out"])
def test_what_an_action_moves_or_a_policy_gains_is_not_called_independent(episodes_of, moved, best):
    assert policy_independent_return.inspect(paid(episodes_of, landing(shown=True, moved=moved), best)) == []


def drive(cells: int, fuel: int):
    """A line of cells with a tank that holds `fuel`; action 1 goes right, 0 left; an empty tank ends it."""

    def step(h, a, t, e, rng):
        at, left = h[0]
        at = min(max(at + (1 if a else -1), 0), cells - 1)
        return (np.array([at, left - 1]),), 0.0, left - 1 <= 0

    return lambda n: model_of(
        run(step, lambda e, rng: (np.array([0, fuel]),), n=n, length=fuel + 1, ends_as="truncated"), limit=fuel + 1
    )


def test_a_tank_that_only_counts_down_need_not_be_seen_at_every_place():
    model = drive(cells=4, fuel=12)(390)  # thirty episodes: each place as early as can be, not at each level

    assert closed(Evidence(model=model)).endswith("whatever seen 1 was, which only counts the steps")


def test_what_goes_up_and_down_is_no_counter_and_must_be_seen_at_every_place():
    model = drive(cells=4, fuel=12)(390)
    refilled = np.arange(model.steps.size) == 200
    after = model.steps.after + np.column_stack([np.zeros(refilled.size), 3.0 * refilled])
    steps = replace(model.steps, after=after)

    assert closed(Evidence(model=model_of(steps, limit=13))) == ""


def test_a_place_come_to_later_than_need_be_leaves_the_way_open():
    model = drive(cells=12, fuel=12)(600)  # 2^-11 of the episodes go straight to the end: none of these fifty does

    assert closed(Evidence(model=model)) == ""


def test_a_rare_loss_that_the_state_does_not_show_is_a_transition_of_its_own():
    steps = run(lambda h, a, t, e, rng: ((0,), 1.0, False), lambda e, rng: (0,), n=2_000)
    accidents = np.arange(steps.size) % 50 == 0
    wanted = np.where(accidents & (steps.action == 1), -20.0, 1.0)
    model = model_of(replace(steps, wanted=wanted))
    pair = model.table.pair_of_transition

    assert np.bincount(pair).tolist() == [1, 2]
    rare = model.table.probability[pair == 1].min()
    assert rare == pytest.approx(float(accidents[steps.action == 1].mean()))


def by_the_hour(told: float):
    """Visitors come by the hour; the action empties a tank that they fill, and `told` of the reward is for the tank."""

    def step(h, a, t, e, rng):
        hour, inside = h[0]
        comes = int(rng.random() < (0.2, 0.8)[int(hour)])
        inside = min(inside * (1 - a) + comes, 4)
        return (np.array([1 - hour, inside]),), comes + told * h[0][1], False

    return step


@pytest.mark.slow
@pytest.mark.parametrize(("told", "named"), [(0.0, True), (0.5, False)], ids=["the hour", "and what actions leave"])
def test_events_may_have_their_hours_but_not_follow_from_what_actions_touch(episodes_of, told, named):
    rng = np.random.default_rng(2)
    names = ("random", "idle", "constant", "linear", "threshold")
    sets = {n: episodes_of(10 + np.sqrt(5) * rng.normal(size=300), np.full(300, 20), False) for n in names}
    model = model_of(run(by_the_hour(told), lambda e, rng: (np.array([e % 2, 0]),), n=4_000))

    assert comes_anyway(Evidence(model=model, episodes=sets)) is named
