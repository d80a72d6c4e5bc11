"""A policy's chain with equal successors merged has the same value."""

import numpy as np
import pytest

from scoper.domain.tabular import TabularMdp
from scoper.numerics import kernel as kernels
from scoper.numerics.evaluate import evaluate


def test_merging_equal_successors_changes_nothing_but_the_size(monkeypatch):
    rng = np.random.default_rng(3)
    n_states, n_actions = 7, 4
    probability = rng.dirichlet(np.ones(n_states), size=n_states * n_actions)
    mdp = TabularMdp(
        n_states=n_states,
        n_actions=n_actions,
        offsets=np.arange(n_states * n_actions + 1) * n_states,
        successor=np.tile(np.arange(n_states), n_states * n_actions),
        probability=probability.ravel() / np.repeat(probability.sum(axis=1), n_states),
        reward=rng.normal(size=n_states * n_actions * n_states),
        terminates=rng.random(n_states * n_actions * n_states) < 0.1,
        initial=np.full(n_states, 1 / n_states),
        available=np.ones((n_states, n_actions), dtype=bool),
        discount=0.9,
    )
    share = rng.dirichlet(np.ones(n_actions), size=n_states)
    apart = evaluate(mdp, share)
    monkeypatch.setattr(kernels, "MANY_TRANSITIONS", 0)
    merged = kernels.mixed_chain(kernels.kernel_of(mdp), share.ravel())
    assert merged.successor.size <= n_states**2
    assert evaluate(mdp, share) == pytest.approx(apart, abs=1e-12)
