"""Ladders of timesteps: what is spent next, and how often a whole probe is wrong."""

import math

import numpy as np
import pytest

from scoper.numerics.spending import Ladder, next_move
from scoper.numerics.stopping import Rule, exact_bar

BAR = exact_bar(0.1)


def ladder_of(law="bounded", rungs=(100, 200, 400)):
    return Ladder(rungs, Rule(law, low=0.0, high=1.0))


def test_timesteps_count_every_seed_up_to_the_rung_it_reached():
    assert ladder_of().timesteps([5, 3]) == 5 * 100 + 3 * 100
    assert ladder_of().timesteps([3, 3, 4]) == 4 * 400
    assert ladder_of().timesteps([2]) == 200


def test_a_clear_gain_stops_on_the_first_rung():
    move = next_move(ladder_of(), [[0.9, 0.95, 0.92]], BAR)

    assert (move.action, move.rung, move.n_seeds, move.decision.outcome) == ("stop", 0, 3, "better")
    assert move.decision.error == 0.05


def test_too_few_seeds_ask_for_the_first_look():
    move = next_move(ladder_of(), [[0.9]], BAR)

    assert (move.action, move.rung, move.n_seeds) == ("more_seeds", 0, 3)


def test_nothing_gained_yet_asks_for_longer_training_of_the_same_seeds():
    move = next_move(ladder_of(), [[0.1, 0.09, 0.1]], BAR)

    assert (move.action, move.rung, move.n_seeds) == ("more_timesteps", 1, 3)


def test_a_gain_that_few_more_seeds_would_show_asks_for_one_more():
    move = next_move(ladder_of(), [[0.35, 0.5, 0.4]], BAR)

    assert (move.action, move.rung, move.n_seeds) == ("more_seeds", 0, 4)


def test_a_flat_curve_ends_the_ladder_undecided_where_more_seeds_would_not_help():
    move = next_move(ladder_of(), [[0.1, 0.09, 0.1]], BAR, may_rise=False)

    assert (move.action, move.rung, move.decision.outcome) == ("stop", 0, "undecided")


def test_only_the_last_rung_says_not_better():
    nothing = [0.1, 0.11, 0.09]
    early = next_move(ladder_of("normal"), [nothing], BAR, margin=0.2)
    late = next_move(ladder_of("normal"), [nothing] * 3, BAR, margin=0.2)

    assert (early.action, early.decision.outcome) == ("more_timesteps", "undecided")
    assert (late.action, late.rung, late.decision.outcome) == ("stop", 2, "not_better")


def test_all_seeds_spent_is_an_end():
    move = next_move(ladder_of(rungs=(100,)), [np.linspace(0.1, 0.2, 10)], exact_bar(0.14), margin=0.0)

    assert (move.action, move.decision.outcome, move.n_seeds) == ("stop", "undecided", 10)


@pytest.mark.slow
@pytest.mark.parametrize("law", ["bounded", "normal", "typical"])
def test_a_whole_probe_of_a_learner_that_equals_the_floor_is_wrong_within_the_error(law):
    rng, runs, wrong, ladder = np.random.default_rng(0), 120, 0, ladder_of(law)
    for _ in range(runs):
        returns = 0.4 + 0.1 * np.clip(rng.normal(size=(10, 3)), -3.0, 3.0)
        reached = [3]
        while True:
            move = next_move(ladder, [returns[:n, i] for i, n in enumerate(reached)], exact_bar(0.4), margin=0.1)
            if move.action == "stop":
                break
            reached = [*reached[: move.rung], move.n_seeds]
        wrong += move.decision.outcome == "better"

    assert wrong / runs <= 0.05 + 4.0 * math.sqrt(0.05 * 0.95 / runs)


@pytest.mark.parametrize("rungs", [(), (100, 100), (200, 100)])
def test_rungs_rise(rungs):
    with pytest.raises(ValueError, match="rise"):
        ladder_of(rungs=rungs)


@pytest.mark.parametrize("returns", [[], [[0.1]] * 4])
def test_moves_need_returns_of_rungs_that_exist(returns):
    with pytest.raises(ValueError, match="rung"):
        next_move(ladder_of(), returns, BAR)
