"""The exact standard deviation of a return, against formulas of processes small enough for them."""

import math

import numpy as np
import pytest

from scoper.numerics.return_spread import return_deviation


def coins(mdp_of):
    """One state for ever; action 0 pays 1 with probability 0.3, action 1 pays 0.3 for certain."""
    return mdp_of([[[(0.3, 0, 1.0, False), (0.7, 0, 0.0, False)], [(1.0, 0, 0.3, False)]]], discount=0.9)


def test_throws_of_a_coin_add_up_as_a_binomial_law_says(mdp_of):
    assert return_deviation(coins(mdp_of), np.array([0]), 25) == pytest.approx(math.sqrt(25 * 0.3 * 0.7))


def test_discounted_throws_count_by_the_square_of_their_weights(mdp_of):
    weights = sum(0.9 ** (2 * t) for t in range(25))

    assert return_deviation(coins(mdp_of), np.array([0]), 25, discount=0.9) == pytest.approx(math.sqrt(weights * 0.21))


def test_what_is_certain_does_not_vary(mdp_of):
    assert return_deviation(coins(mdp_of), np.array([1]), 25) == pytest.approx(0.0, abs=1e-12)


def test_a_policy_that_throws_for_its_action_adds_that_to_the_spread(mdp_of):
    shares = np.array([[0.5, 0.5]])  # pays 1 with 0.15, 0.3 with 0.5: second moment 0.195, mean 0.3
    assert return_deviation(coins(mdp_of), shares, 1) == pytest.approx(math.sqrt(0.15 + 0.5 * 0.09 - 0.09))


def test_nothing_comes_after_the_end(mdp_of):
    ends = mdp_of([[[(0.5, 0, 2.0, True), (0.5, 0, 0.0, True)]]], discount=0.9)

    assert return_deviation(ends, np.array([0]), 50) == pytest.approx(1.0)


def test_a_policy_by_timestep_is_refused(mdp_of):
    with pytest.raises(ValueError, match="cannot have shape"):
        return_deviation(coins(mdp_of), np.zeros((3, 1), dtype=np.int64), 3)
