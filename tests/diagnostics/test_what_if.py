"""A world solved again with another reward: does what the owner wants come back?"""

import math

import numpy as np
import pytest

from scoper.diagnostics import Evidence
from scoper.diagnostics._signs import _of_labels, correlation, signs_of, variance
from scoper.diagnostics._what_if import what_if
from tests.diagnostics import planted


def test_the_sign_turned_round_brings_the_objective_back() -> None:
    """Going away is paid: 1 + 2 + 3 + 37 * 4 of distance instead of none; minus that reward stays where it is."""
    evidence = planted.distance(1.0)
    changes = what_if(evidence.audit)
    assert changes is not None
    turned = changes.pays("turned", lambda: -evidence.table.reward)

    assert changes.as_it_is.does.total(evidence.objective_reward) == -(1 + 2 + 3 + 37 * 4)
    assert turned.does.total(evidence.objective_reward) == 0.0
    assert (turned.lost, turned.restores) == (0.0, True)


def test_a_change_of_no_use_does_not_restore_and_is_solved_once() -> None:
    evidence = planted.distance(1.0)
    changes = what_if(evidence.audit)
    assert changes is not None
    doubled = changes.pays("doubled", lambda: 2.0 * evidence.table.reward)

    assert not doubled.restores
    assert changes.pays("doubled", lambda: np.zeros(0)) is doubled
    assert what_if(evidence.audit) is changes


def test_what_is_not_lost_cannot_be_restored() -> None:
    evidence = planted.distance(-1.0)
    changes = what_if(evidence.audit)
    assert changes is not None

    assert not changes.pays("same", lambda: evidence.table.reward).restores


def test_without_an_objective_behaviour_is_known_and_loss_is_not() -> None:
    evidence = planted.blind(planted.distance(1.0))
    changes = what_if(evidence.audit)
    assert changes is not None

    assert changes.as_it_is.does.total(evidence.table.reward) == 1 + 2 + 3 + 37 * 4
    assert math.isnan(changes.as_it_is.lost)
    assert not changes.as_it_is.restores


def test_without_a_world_nothing_can_be_solved_again() -> None:
    assert what_if(Evidence().audit) is None
    assert signs_of(Evidence()) is None


def test_parts_of_a_state_are_read_off_its_label() -> None:
    signs = signs_of(planted.cover())
    assert signs is not None

    assert [(name, values.tolist()) for name, values in signs.components] == [
        ("dirt", [0.0, 0.0, 1.0, 1.0]),
        ("covered", [0.0, 1.0, 0.0, 1.0]),
    ]


def test_observations_that_are_labels_themselves_have_parts_too() -> None:
    found = _of_labels(("(0, 1)", "(2, 1)"))

    assert [(name, values.tolist()) for name, values in found] == [
        ("observation[0]", [0.0, 2.0]),
        ("observation[1]", [1.0, 1.0]),
    ]
    assert _of_labels(("0", "1")) == ()


def test_a_term_priced_as_the_owner_would_has_the_factor_one() -> None:
    signs = signs_of(planted.speed(-20.0))
    assert signs is not None

    assert {name: fit.factor for name, fit in signs.fits.items()} == pytest.approx({"parts": 1.0, "breakdown": 1.0})
    assert all(fit.explained == pytest.approx(1.0) for fit in signs.fits.values())


def test_correlation_and_variance_are_weighted_and_need_something_that_varies() -> None:
    values, weight = np.array([0.0, 2.0, 9.0]), np.array([1.0, 1.0, 0.0])

    assert variance(values, weight) == 1.0
    assert correlation(values, -values, weight) == pytest.approx(-1.0)
    assert math.isnan(correlation(values, np.ones(3), weight))
    assert math.isnan(correlation(values, values, np.zeros(3)))
