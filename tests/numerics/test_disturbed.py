"""Returns under disturbances, against what can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from scoper.domain.tabular import TabularMdp
from scoper.numerics.disturbed import (
    Span,
    delayed,
    misread,
    steps_needed,
    sticking,
    with_lost_steps,
    with_other_actions,
)

H = 7


def alternating(reward_of_right: float = 1.0, *, ends: bool = False) -> TabularMdp:
    """Two states that take turns whatever is done; the action with the state's number pays, the other does not."""
    right = np.array([reward_of_right, 0.0, 0.0, reward_of_right])
    return TabularMdp(
        n_states=2,
        n_actions=2,
        offsets=np.arange(5),
        successor=np.array([1, 1, 0, 0]),
        probability=np.ones(4),
        reward=right,
        terminates=np.full(4, ends),
        initial=np.array([1.0, 0.0]),
        available=np.ones((2, 2), dtype=bool),
        discount=1.0,
    )


RIGHT = np.array([0, 1])
UNIFORM = np.full((2, 2), 0.5)


def test_undisturbed_every_timestep_pays() -> None:
    assert with_other_actions(alternating(), RIGHT, Span(H), UNIFORM, [0.0] * H) == pytest.approx(H)


def test_a_random_action_of_two_costs_half_of_how_often_it_is_taken() -> None:
    chance = [t / 10 for t in range(H)]
    expected = sum(1.0 - c / 2 for c in chance)
    assert with_other_actions(alternating(), RIGHT, Span(H), UNIFORM, chance) == pytest.approx(expected)


def test_a_discount_weighs_the_timesteps() -> None:
    expected = sum(0.9**t * 0.8 for t in range(H))
    chance = [0.4] * H
    assert with_other_actions(alternating(), RIGHT, Span(H, 0.9), UNIFORM, chance) == pytest.approx(expected)


def test_after_a_terminating_timestep_nothing_is_paid() -> None:
    mdp = alternating(ends=True)
    assert with_other_actions(mdp, RIGHT, Span(H), UNIFORM, [0.0] * H) == pytest.approx(1.0)
    assert with_lost_steps(mdp, RIGHT, Span(H), 0.25) == pytest.approx(1.0 - 0.25**H)


def test_who_misreads_the_state_for_the_other_one_is_wrong_that_often() -> None:
    other = np.array([[1], [0]])
    assert misread(alternating(), RIGHT, Span(H), other, 0.3) == pytest.approx(0.7 * H)


def test_a_delay_of_one_is_wrong_where_states_take_turns_and_of_two_is_right_again() -> None:
    wrong_at_first = np.array([1])
    assert delayed(alternating(), RIGHT, Span(H), 1, wrong_at_first) == pytest.approx(0.0)
    # waiting: action 1 is wrong at timestep 0 and right at timestep 1
    assert delayed(alternating(), RIGHT, Span(H), 2, wrong_at_first) == pytest.approx(H - 1)


def test_any_action_while_waiting_is_right_half_of_the_time() -> None:
    assert delayed(alternating(), RIGHT, Span(H), 1, np.array([0, 1])) == pytest.approx(0.5)


def test_late_observations_show_the_first_one_until_another_arrives() -> None:
    assert delayed(alternating(), RIGHT, Span(H), 1, None) == pytest.approx(1.0)


def test_a_policy_with_a_clock_looks_at_the_present_clock_and_the_old_state() -> None:
    timed = np.array([[0, 0], [1, 1]] * H)[:H]  # right by the clock alone
    assert delayed(alternating(), timed, Span(H), 2, None) == pytest.approx(H)


def test_an_action_that_sticks_was_right_before_and_is_wrong_now() -> None:
    chance, right, expected = 0.25, 1.0, 1.0
    for _ in range(H - 1):
        right = (1 - chance) + chance * (1 - right)
        expected += right
    assert sticking(alternating(), RIGHT, Span(H), chance) == pytest.approx(expected)


def test_lost_timesteps_are_lost_for_good_within_a_time_limit() -> None:
    assert with_lost_steps(alternating(), RIGHT, Span(H), 0.1) == pytest.approx(0.9 * H)


def test_actions_that_are_not_available_are_never_taken_by_a_disturbance() -> None:
    mdp = alternating()
    only_right = np.array([[True, False], [False, True]])
    mdp = TabularMdp(**{**mdp.__dict__, "available": only_right})
    assert with_other_actions(mdp, RIGHT, Span(H), UNIFORM, [1.0] * H) == pytest.approx(H)


def test_a_discount_leaves_the_remainder_after_so_many_timesteps() -> None:
    steps = steps_needed(0.9, 1e-6)
    assert 0.9**steps <= 1e-6 < 0.9 ** (steps - 1)
    with pytest.raises(ValueError, match="leaves no end"):
        steps_needed(1.0)
