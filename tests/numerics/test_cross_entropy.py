"""The cross-entropy method: the law of the elite by hand, and a hill it must climb."""

import numpy as np
import pytest

from scoper.numerics.cross_entropy import after, best_first, wide


def test_the_next_law_is_mean_and_spread_of_the_elite_widened_by_the_noise():
    tried = np.array([[0.0], [10.0], [2.0], [4.0]])
    law = after(tried, np.array([0.0, -5.0, 3.0, 3.0]), noise=0.5, n_elite=2)
    assert law.centre.tolist() == [3.0]
    assert law.spread.tolist() == [1.5]


def test_of_equal_candidates_the_earlier_is_first():
    assert best_first(np.array([1.0, 2.0, 2.0])).tolist() == [1, 2, 0]


@pytest.mark.parametrize("seed", range(3))
def test_it_finds_the_top_of_a_hill(seed):
    rng, top = np.random.default_rng(seed), np.array([[1.5, -2.0, 0.5]])
    law = wide((1, 3))
    for generation in range(40):
        tried = law.draw(rng)
        law = after(tried, -((tried - top) ** 2).sum(axis=(1, 2)), noise=max(0.0, 0.3 * (1 - generation / 20)))
    assert np.abs(law.centre - top).max() < 0.05
