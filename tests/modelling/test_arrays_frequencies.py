"""The arrays of a spec say what its environment does: draw by draw, in expectation, and in the long run."""

import math
from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoper.modelling.arrays import compile_spec, has_arrays, to_tabular
from scoper.modelling.spec_env import Process, spec_env
from scoper.numerics.statistics import log_evidence_against

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
ERROR_RATE = 1e-6
"""The probability that all frequencies together deviate by chance as much as the test refuses."""


class Scripted:
    """Uniform numbers that pick the given draws, one after the other."""

    def __init__(self, shares, places):
        totals = [np.cumsum(share) for share in shares]
        middles = [(t[k] - 0.5 * s[k]) / t[-1] for t, s, k in zip(totals, shares, places, strict=True)]
        self._next = iter(middles)

    def random(self):
        return next(self._next)


def steps(process, state, action):
    """Every draw's probability and what comes of it."""
    shares = [share for _, share in process.layout.draws.values()]
    for places in product(*(range(share.size) for share in shares)):
        chance = math.prod(float(share[k]) for share, k in zip(shares, places, strict=True))
        yield chance, process.step(state, action, Scripted(shares, places))


def some_pairs(data, spec, mdp):
    """A few pairs of numbers of state and action that may be taken, with their values."""
    sizes = [
        v.points or len(v.values) or int(v.high - v.low) + 1 for v in (*spec.state.values(), *spec.actions.values())
    ]
    layout = Process(spec).layout
    grids = [quantity.choices for quantity in (*layout.states, *layout.actions)]
    for pair in {data.draw(st.integers(0, mdp.n_states * mdp.n_actions - 1)) for _ in range(4)}:
        if mdp.available.ravel()[pair]:
            point = [float(g[k]) for g, k in zip(grids, np.unravel_index(pair, sizes), strict=True)]
            yield pair, tuple(point[: len(spec.state)]), tuple(point[len(spec.state) :])


def number_of(spec, state, layout):
    places = [int(np.argmin(np.abs(q.choices - value))) for q, value in zip(layout.states, state, strict=True)]
    return int(np.ravel_multi_index(places, [q.choices.size for q in layout.states]))


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_every_pair_of_a_finite_spec_has_the_distribution_of_its_draws(random_specs, data):
    spec = data.draw(random_specs.specs(finite=True))
    compiled, process = compile_spec(spec), Process(spec)
    mdp = compiled.mdp
    for pair, state, action in some_pairs(data, spec, mdp):
        found = {}
        for chance, step in steps(process, state, action):
            paid = sum(step.terms.values())
            key = (number_of(spec, step.state, process.layout), step.terminated)
            mass, reward, wanted = found.get(key, (0.0, 0.0, 0.0))
            objective = step.objective if step.objective is not None else paid
            found[key] = (mass + chance, reward + chance * paid, wanted + chance * objective)
        span = slice(mdp.offsets[pair], mdp.offsets[pair + 1])
        keys = list(zip(mdp.successor[span].tolist(), mdp.terminates[span].tolist(), strict=True))
        owed = (mdp.reward if compiled.objective is None else compiled.objective)[span]
        mass = mdp.probability[span]
        expected = dict(zip(keys, zip(mass, mass * mdp.reward[span], mass * owed, strict=True), strict=True))

        assert len(keys) == len(expected)
        assert found.keys() == expected.keys()
        for key, amounts in expected.items():
            assert found[key] == pytest.approx(amounts, rel=1e-9, abs=1e-11)


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_points_of_intervals_keep_the_mean_of_every_step_and_the_expected_reward(random_specs, data):
    spec = data.draw(random_specs.specs().filter(has_arrays))
    mdp, process = to_tabular(spec), Process(spec)
    grids = np.meshgrid(*(q.choices for q in process.layout.states), indexing="ij")
    columns = np.stack([grid.ravel() for grid in grids])
    for pair, state, action in some_pairs(data, spec, mdp):
        outcomes = list(steps(process, state, action))
        span = slice(mdp.offsets[pair], mdp.offsets[pair + 1])
        probability, successor = mdp.probability[span], mdp.successor[span]

        mean = np.sum([chance * np.array(step.state) for chance, step in outcomes], axis=0)
        assert columns[:, successor] @ probability == pytest.approx(mean, rel=1e-9, abs=1e-9)
        paid = math.fsum(chance * sum(step.terms.values()) for chance, step in outcomes)
        assert float(probability @ mdp.reward[span]) == pytest.approx(paid, rel=1e-9, abs=1e-9)
        surely = math.fsum(chance for chance, step in outcomes if step.terminated)
        assert float(probability @ mdp.terminates[span]) >= surely - 1e-9


@pytest.mark.slow
@pytest.mark.parametrize("which", ["words_text", "inventory_text"])
def test_the_environment_starts_and_steps_as_often_as_the_arrays_say(request, spec_of, which):
    spec = spec_of(request.getfixturevalue(which))
    mdp, env, rng = to_tabular(spec), spec_env(spec), np.random.default_rng(0)
    nvec = env.observation_space.nvec
    starts, outcomes, state = Counter(), {}, None
    for episode in range(150):
        observation, info = env.reset(seed=episode)
        state = int(np.ravel_multi_index(observation, nvec))
        starts[state] += 1
        over = False
        while not over:
            action = int(rng.choice(np.flatnonzero(info["action_mask"])))
            parts = np.unravel_index(action, getattr(env.action_space, "nvec", [mdp.n_actions]))
            observation, _, terminated, truncated, info = env.step(np.array(parts).squeeze())
            after = int(np.ravel_multi_index(observation, nvec))
            outcomes.setdefault(state * mdp.n_actions + action, Counter())[after, terminated] += 1
            state, over = after, terminated or truncated

    evidence = [log_evidence_against([starts[s] for s in np.flatnonzero(mdp.initial)], mdp.initial[mdp.initial > 0])]
    assert set(starts) <= set(np.flatnonzero(mdp.initial).tolist())
    for pair, counter in outcomes.items():
        span = slice(mdp.offsets[pair], mdp.offsets[pair + 1])
        keys = list(zip(mdp.successor[span].tolist(), mdp.terminates[span].tolist(), strict=True))
        assert set(counter) <= set(keys)
        evidence.append(log_evidence_against([counter[key] for key in keys], mdp.probability[span]))
    assert math.fsum(evidence) < math.log(2.0 / ERROR_RATE)
    assert max(evidence) < math.log(2.0 * len(evidence) / ERROR_RATE)
