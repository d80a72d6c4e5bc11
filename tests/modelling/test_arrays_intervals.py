"""Intervals on points, strict ranges, joint starts and merging: the parts of arrays that a plain loop does not show."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoper.baselines._exact import exact_summary
from scoper.domain.mdp import Distribution, MdpSpec, Objective, StartPoint, Variable
from scoper.errors import InputError
from scoper.modelling.arrays import compile_spec, to_tabular
from scoper.modelling.interpolation import corners
from scoper.modelling.merging import merge
from scoper.numerics.solve import policy_iteration

WAIT = {"wait": Variable(kind="integer", low=0, high=0)}


def unit(points, **changes):
    """x on [0, 1] halves in every timestep; discount 1/2."""
    clauses = {
        "name": "halving",
        "discount": 0.5,
        "state": {"x": Variable(kind="continuous", low=0.0, high=1.0, points=points)},
        "actions": WAIT,
        "next": {"x": "x / 2"},
        "reward": {"paid": "x"},
        "start": {"x": 0.3},
    }
    return MdpSpec(**{**clauses, **changes})


def span_of(mdp, state, action=0):
    pair = state * mdp.n_actions + action
    return slice(mdp.offsets[pair], mdp.offsets[pair + 1])


def test_a_linear_value_function_is_exact_on_any_points():
    # V(x) = x + V(x / 2) / 2 = x / (1 - 1/4)
    value = policy_iteration(to_tabular(unit(8))).optimum()

    assert value == pytest.approx(np.linspace(0, 1, 8) * 4 / 3, abs=1e-9)


@pytest.mark.parametrize("points", [8, 15, 29])
def test_a_convex_value_function_is_overstated_by_no_more_than_interpolation_adds(points):
    # V(x) = x^2 / (1 - 1/8); linear interpolation of it errs by at most h^2 V'' / 8 per step, discounted to the same
    mdp = to_tabular(unit(points, reward={"paid": "x ** 2"}))
    error = policy_iteration(mdp).optimum() - np.linspace(0, 1, points) ** 2 * 8 / 7
    cell = 1 / (points - 1)

    assert error.min() >= -1e-9
    assert 0 < error.max() <= cell**2 * (2 * 8 / 7) / 8 + 1e-9


def test_points_make_the_arrays_an_approximation_and_every_number_of_them_says_so():
    mdp = to_tabular(unit(8))
    summary = exact_summary(mdp, 1.0, "best")

    assert mdp.discretised
    assert not mdp.is_exact
    assert "8 points 0.143 apart" in mdp.notes[0]
    assert summary.basis == "extrapolated"
    assert "discretised" in summary.policy


def test_an_interval_of_actions_offers_its_points_and_rules_take_the_nearest():
    speed = Variable(kind="continuous", low=0.0, high=1.0, points=5)
    compiled = compile_spec(unit(3, actions={"speed": speed}, baselines={"third": {"speed": "x / 3"}}))

    assert compiled.mdp.action_labels == tuple(f"speed={label}" for label in ("0", "0.25", "0.5", "0.75", "1"))
    assert compiled.baselines["third"].tolist() == [0, 1, 1]
    assert any("actions.speed may be any number" in note for note in compiled.mdp.notes)


def test_an_episode_ends_where_the_value_itself_says_so_and_on_points_that_do():
    mdp = to_tabular(unit(3, next={"x": "x + 0.3"}, terminated="x >= 0.5"))
    first = span_of(mdp, 0)  # 0.3 lies between 0 and 0.5, of which only the latter ends
    second = span_of(mdp, 1)  # 0.8 has ended, wherever it is split to

    assert mdp.successor[first].tolist() == [0, 1]
    assert mdp.probability[first] == pytest.approx([0.4, 0.6])
    assert mdp.terminates[first].tolist() == [False, True]
    assert mdp.terminates[second].tolist() == [True, True]


def test_steps_beyond_an_interval_are_held_and_noted_or_refused_where_ranges_are_strict():
    beyond = {"next": {"x": "x * 2 + 0.0"}}
    mdp = to_tabular(unit(3, **beyond))

    assert mdp.notes[1] == (
        "next.x leaves 0 to 1 in 0.333 of the transitions and is held at the end of the range; first for x=1, wait=0: 2"
    )
    with pytest.raises(InputError, match=r"next\.x: is 2 for x=1, wait=0, but must be 0 to 1"):
        to_tabular(unit(3, bounds="strict", **beyond))


def test_a_start_between_points_is_split_and_a_joint_start_keeps_what_goes_together():
    assert to_tabular(unit(3)).initial == pytest.approx([0.4, 0.6, 0.0])

    pair = {"x": Variable(kind="integer", low=0, high=1), "y": Variable(kind="integer", low=0, high=1)}
    together = tuple(StartPoint(state={"x": k, "y": k}, probability=0.5) for k in (0, 1))
    mdp = to_tabular(unit(2, state=pair, next={"x": "x", "y": "y"}, start={}, joint_start=together))
    assert mdp.initial.tolist() == [0.5, 0.0, 0.0, 0.5]


def test_a_draw_that_only_rewards_mention_splits_no_transition_and_counts_in_expectation():
    noise = Distribution(kind="values", parameters={"values": [0, 1, 3], "probabilities": [0.2, 0.5, 0.3]})
    spec = unit(
        2,
        state={"x": Variable(kind="integer", low=0, high=2)},
        next={"x": "min(2, x + u)"},
        exogenous={"u": noise, "v": noise, "unused": noise},
        reward={"square": "v ** 2 + u", "other": "x"},
        objective=Objective(expression="square * other"),
        start={"x": 0},
    )
    compiled = compile_spec(spec)
    mdp, first = compiled.mdp, span_of(compiled.mdp, 1)

    assert mdp.successor[first].tolist() == [1, 2]
    # E v^2 = 0.5 + 2.7; from 1 on, u is 0 for staying and (0.5 * 1 + 0.3 * 3) / 0.8 on average for going
    assert compiled.terms["square"][first] == pytest.approx([3.2, 3.2 + 1.4 / 0.8])
    assert mdp.reward[first] == pytest.approx([4.2, 4.2 + 1.4 / 0.8])
    assert compiled.objective[first] == pytest.approx([3.2, 3.2 + 1.4 / 0.8])


def test_intervals_without_points_are_refused_all_at_once_with_a_way_out():
    spec = unit(None, actions={"speed": Variable(kind="continuous", low=0.0, high=1.0)})
    with pytest.raises(InputError) as caught:
        to_tabular(spec)

    assert [problem.message.partition(" is")[0] for problem in caught.value.problems] == ["state.x", "actions.speed"]
    assert all("points" in problem.remedy for problem in caught.value.problems)


@given(value=st.floats(-0.5, 2.5), n=st.integers(1, 9))
def test_neighbouring_points_average_to_the_value_held_within_the_interval(value, n):
    points = np.linspace(0.0, 2.0, n)
    below, above = corners(points, np.array(value))
    upper = points[min(int(below) + 1, n - 1)]

    assert 0.0 <= above <= 1.0
    if n > 1:
        mean = (1 - above) * points[below] + above * upper
        assert mean == pytest.approx(min(max(value, 0.0), 2.0), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), order=st.sampled_from(["rising", "falling", "any"]), sparse=st.booleans())
def test_merged_rows_are_those_of_a_plain_loop(data, order, sparse):
    n_rows, n_draws = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 7))
    key = np.array(data.draw(st.lists(st.integers(0, 4), min_size=n_rows * n_draws, max_size=n_rows * n_draws)))
    key = key.reshape(n_rows, n_draws).astype(np.int32)
    key = key if order == "any" else np.sort(key, axis=1)[:, :: 1 if order == "rising" else -1]
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    weight = rng.random((n_rows if sparse else 1, n_draws)) * (
        rng.random((n_rows if sparse else 1, n_draws)) > 0.3 * sparse
    )
    paid = {"full": rng.random((n_rows, n_draws)), "row": rng.random((n_rows, 1))}
    merged = merge(key, weight, paid, sparse=sparse)

    place = 0
    for row in range(n_rows):
        expected = {}
        for draw in range(n_draws):
            w = weight[row if sparse else 0, draw]
            mass, amount = expected.get(key[row, draw], (0.0, 0.0))
            expected[key[row, draw]] = (mass + w, amount + w * paid["full"][row, draw])
        kept = sorted(k for k, (mass, _) in expected.items() if mass > 0 or not sparse)
        assert merged.counts[row] == len(kept)
        for k in kept:
            assert merged.key[place] == k
            assert merged.mass[place] == pytest.approx(expected[k][0])
            assert merged.amounts["full"][place] == pytest.approx(expected[k][1] / expected[k][0])
            assert merged.amounts["row"][place] == paid["row"][row, 0]
            place += 1
    assert place == merged.key.size
