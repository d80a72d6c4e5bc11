"""Shares of reward terms by hand."""

import numpy as np
import pytest

from scoper.numerics.term_shares import term_shares


def test_shares_of_size_and_variance_are_those_of_the_definition():
    rng = np.random.default_rng(0)
    terms = rng.normal(size=(300, 3)) * [1.0, 5.0, 0.1]
    episode = np.arange(300) // 10
    returns = terms.reshape(30, 10, 3).sum(axis=1)
    whole = returns.sum(axis=1)

    found = term_shares(terms, episode)

    assert found.size == pytest.approx(np.abs(terms).sum(axis=0) / np.abs(terms).sum())
    assert found.variance == pytest.approx([np.cov(returns[:, k], whole)[0, 1] / whole.var(ddof=1) for k in range(3)])
    assert found.variance.sum() == pytest.approx(1.0)
    assert found.step_variance.sum() == pytest.approx(1.0)
    assert found.dominant == 1


def test_a_term_that_works_against_the_others_has_a_negative_share():
    wage = np.array([1.0, 2.0, 3.0, 4.0])

    found = term_shares(np.stack([2.0 * wage, -wage], axis=1), np.arange(4))

    assert found.variance == pytest.approx([2.0, -1.0])
    assert found.alike == ((0, 1, pytest.approx(-1.0)),)


def test_a_constant_is_large_and_explains_nothing():
    terms = np.stack([np.full(100, 50.0), np.tile([0.0, 1.0], 50)], axis=1)

    found = term_shares(terms, np.arange(100))

    assert found.variance == pytest.approx([0.0, 1.0])
    assert found.offset == pytest.approx([1.0, 0.5])
    assert found.dominant == 0
    assert found.alike == ()


def test_terms_that_pay_twice_for_the_same_are_named():
    gain = np.random.default_rng(0).random(50)

    assert term_shares(np.stack([gain, 3.0 * gain + 1.0, gain**8], axis=1), np.arange(50)).alike == (
        (0, 1, pytest.approx(1.0)),
    )


def test_returns_without_variance_have_no_shares():
    found = term_shares(np.tile([[1.0, -1.0], [-1.0, 1.0]], (10, 1)), np.repeat(np.arange(10), 2))

    assert np.isnan(found.variance).all()


def test_discounts_weigh_later_rewards_less():
    terms = np.array([[1.0, 0.0], [0.0, 1.0], [3.0, 0.0], [0.0, 5.0]])
    found = term_shares(terms, np.array([0, 0, 1, 1]), discount=0.5, timestep=np.array([0, 1, 0, 1]))

    # returns (1, 0.5) and (3, 2.5): both terms differ by 2
    assert found.variance == pytest.approx([0.5, 0.5])
    with pytest.raises(ValueError, match="timesteps"):
        term_shares(terms, np.arange(4), discount=0.5)
