"""The probe's exact numbers against a second derivation: plain loops over the environment's own table."""

import gymnasium
import pytest

from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.probe import ProbePlan

pytestmark = pytest.mark.slow

SETTINGS = [
    ("FrozenLake-v1", {}, 100),
    ("FrozenLake-v1", {"is_slippery": False}, 100),
    ("FrozenLake-v1", {"map_name": "8x8"}, 100),
    ("FrozenLake-v1", {"map_name": "8x8", "is_slippery": False}, 100),
    ("FrozenLake8x8-v1", {}, 200),
    ("Taxi-v4", {}, 200),
    ("Taxi-v4", {"is_rainy": True}, 200),
    ("CliffWalking-v1", {}, 1000),
    ("CliffWalking-v1", {"is_slippery": True}, 1000),
]
PUBLISHED = {  # optimum under the limit, and the random policy's return, derived elsewhere, five digits
    ("FrozenLake-v1", 100): (0.74419, 0.01394),
    ("FrozenLake8x8-v1", 200): (0.91322, 0.00190),
    ("Taxi-v4", 200): (7.930, -771.09),
}


def backup(table, value, state, action, discount):
    return sum(p * (r + (0.0 if end else discount * value[s])) for p, s, r, end in table[state][action])


def optimum(table, start, horizon, discount):
    value, before = [0.0] * len(table), None
    for _ in range(horizon):
        if value == before:
            break  # a fixed point in floating point: the remaining rounds change nothing
        value, before = [max(backup(table, value, s, a, discount) for a in table[s]) for s in range(len(table))], value
    return sum(share * v for share, v in zip(start, value, strict=True))


def fixed(table, start, horizon, action=None):
    value = [0.0] * len(table)
    for _ in range(horizon):
        rows = []
        for s in range(len(table)):
            options = [backup(table, value, s, a, 1.0) for a in (table[s] if action is None else [action])]
            rows.append(sum(options) / len(options))
        value = rows
    return sum(share * v for share, v in zip(start, value, strict=True))


@pytest.fixture(scope="module")
def results():
    return {}


@pytest.fixture
def result_of(events_of, results):
    """The result for an environment, measured once for all tests of this file."""

    def go(identifier, kwargs):
        key = (identifier, *sorted(kwargs.items()))
        if key not in results:
            spec = EnvironmentSpec(name=identifier, id=identifier, kwargs=kwargs)
            results[key] = events_of(ProbePlan(spec_text="", spec=spec, learning_steps=20_000))[-1].result
        return results[key]

    return go


@pytest.mark.parametrize(("identifier", "kwargs", "limit"), SETTINGS)
def test_the_optimum_under_the_time_limit_equals_plain_dynamic_programming(result_of, identifier, kwargs, limit):
    env = gymnasium.make(identifier, **kwargs).unwrapped
    result = result_of(identifier, kwargs)

    expected = optimum(env.P, env.initial_state_distrib, limit, 1.0)
    assert result.returns["optimal"].mean == pytest.approx(expected, abs=1e-9)
    assert f"{limit:,} timesteps" in result.criterion
    assert "undiscounted" in result.criterion
    assert result.basis["returns.optimal"] == "proved"


@pytest.mark.parametrize(("identifier", "kwargs", "limit"), SETTINGS)
def test_the_discounted_optimum_is_given_beside_it_under_its_own_name(result_of, identifier, kwargs, limit):
    env = gymnasium.make(identifier, **kwargs).unwrapped
    result = result_of(identifier, kwargs)

    expected = optimum(env.P, env.initial_state_distrib, 4000, 0.99)  # 0.99**4000 < 1e-17
    assert result.returns["optimal_discounted"].mean == pytest.approx(expected, abs=1e-6)
    assert {s.method for s in result.solutions if s.converged} >= {
        "value iteration, discount 0.99",
        "policy iteration, discount 0.99",
    }


@pytest.mark.parametrize(("identifier", "kwargs", "limit"), SETTINGS)
def test_the_floors_are_exact_on_a_table(result_of, identifier, kwargs, limit):
    env = gymnasium.make(identifier, **kwargs).unwrapped
    result, start = result_of(identifier, kwargs), env.initial_state_distrib

    assert result.returns["random"].mean == pytest.approx(fixed(env.P, start, limit), rel=1e-9)
    constants = [fixed(env.P, start, limit, action) for action in env.P[0]]
    assert result.returns["constant"].mean == pytest.approx(max(constants), rel=1e-9, abs=1e-12)
    assert result.returns["optimal"].mean >= max(summary.mean for n, summary in result.returns.items() if n == "myopic")


@pytest.mark.parametrize(("identifier", "limit"), PUBLISHED)
def test_the_numbers_are_those_derived_elsewhere(result_of, identifier, limit):
    best, random = PUBLISHED[identifier, limit]
    result = result_of(identifier, {})

    assert result.returns["optimal"].mean == pytest.approx(best, abs=6e-6 * max(1, abs(best)))
    assert result.returns["random"].mean == pytest.approx(random, abs=6e-6 * max(1, abs(random)))


@pytest.mark.slow
@pytest.mark.parametrize(("identifier", "kwargs"), [(i, k) for i, k, _ in SETTINGS])
def test_the_toy_text_environments_are_feasible(events_of, identifier, kwargs):
    spec = EnvironmentSpec(name=identifier, id=identifier, kwargs=kwargs)
    result = events_of(ProbePlan(spec_text="", spec=spec))[-1].result

    assert result.verdict == "feasible"
    assert result.gap_share.estimate > 0.8
    assert result.gap_share.ceiling == "optimal"
    assert result.gap_share.n_seeds >= 3


def test_a_table_that_its_environment_does_not_follow_is_not_used(result_of):
    result = result_of("Taxi-v4", {"fickle_passenger": True})

    assert "table_not_used" in [finding.code for finding in result.findings]
    assert "optimal" not in result.returns
