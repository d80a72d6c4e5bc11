"""Among policies that earn the same, the least and the most of something else."""

import numpy as np
import pytest

from scoper.numerics.behaviour import behaviour
from scoper.numerics.ties import ties


@pytest.fixture
def fork(mdp_of):
    """From the start two ways to the end in two steps, both for 1; one of them breaks the vase (other -1)."""
    return mdp_of(
        [
            [[(1.0, 1, 0.0, False)], [(1.0, 2, 0.0, False)]],
            [[(1.0, 1, 1.0, True)], [(1.0, 1, 1.0, True)]],
            [[(1.0, 2, 1.0, True)], [(1.0, 2, 0.9, True)]],
        ],
        discount=1.0,
    )


def test_the_ways_that_tie_differ_in_what_the_owner_gets(fork) -> None:
    vase = np.array([0.0, 0.0, 0.0, 0.0, -1.0, 0.0])
    found = ties(fork, 3, fork.reward, vase)
    assert (found.best, found.low, found.high) == (1.0, -1.0, 0.0)
    assert behaviour(fork, found.low_policy, 3).total(vase) == -1.0
    assert behaviour(fork, found.high_policy, 3).total(vase) == 0.0


def test_a_slack_admits_what_earns_nearly_as_much(fork) -> None:
    other = np.array([0.0, 0.0, 0.0, 0.0, 0.0, -5.0])
    assert ties(fork, 3, fork.reward, other).low == 0.0
    assert ties(fork, 3, fork.reward, other, slack=0.11).low == -5.0


def test_without_ties_nothing_is_left_open(mdp_of) -> None:
    mdp = mdp_of([[[(1.0, 0, 1.0, True)], [(1.0, 0, 2.0, True)]]], discount=1.0)
    found = ties(mdp, 1, mdp.reward, np.array([7.0, 3.0]))
    assert (found.best, found.low, found.high) == (2.0, 3.0, 3.0)
