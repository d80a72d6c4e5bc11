"""Levels that respond to amounts: slopes and lags that were put in come out."""

import numpy as np
import pytest

from scoper.numerics.response import levels_of, response, targets_for


@pytest.mark.parametrize(("slope", "lag"), [(1.0, 0), (-1.0, 0), (0.4, 2), (5.0, 4)])
def test_slope_and_lag_that_were_put_in_come_out(slope, lag):
    rng = np.random.default_rng(3)
    amount, noise = rng.integers(0, 10, size=2_000).astype(float), rng.normal(size=2_000)
    change = slope * np.concatenate([np.zeros(lag), amount[: amount.size - lag]]) + noise
    found = response(change, amount, np.zeros(2_000, dtype=np.int64))
    assert found.lag == lag
    assert found.slope == pytest.approx(slope, rel=0.1)
    if abs(slope) == 1.0:
        assert found.slope == slope  # what is counted in the same units rises by as much


def test_what_does_not_respond_has_no_slope():
    rng = np.random.default_rng(4)
    assert response(rng.normal(size=3_000), rng.random(3_000), np.zeros(3_000, dtype=np.int64)) is None


def test_a_response_is_not_looked_for_across_episodes():
    amount = np.tile([5.0, 0.0], 100)  # every episode: order five, then nothing; it arrives one step later
    change = np.tile([0.0, 5.0], 100)
    found = response(change, amount, np.repeat(np.arange(100), 2))
    assert found is not None
    assert found.lag == 0
    assert found.slope == -1.0  # within one timestep the order lowers nothing but goes with a lower change


def test_levels_are_single_components_their_sum_and_everything():
    assert levels_of(np.zeros((1, 3)), [0, 1]) == [(0,), (1,), (0, 1), (0, 1, 2)]
    assert levels_of(np.zeros((1, 1)), [0]) == [(0,)]


def test_targets_are_multiples_of_a_timestep_s_loss_and_whole_where_levels_are():
    targets = targets_for(np.array([-3.0, 0.0, 40.0]), reach=10.0, unit=5.0)
    assert set(targets) >= {0.0, 5.0, 10.0, 15.0, 20.0, 40.0}
    assert (targets == np.rint(targets)).all()
    assert targets[0] == -3.0
    assert targets[-1] == 50.0
