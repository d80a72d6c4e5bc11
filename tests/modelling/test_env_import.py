"""Environments as arrays: by their table, by trying everything, by sampling; and what each is called."""

import gymnasium as gym
import numpy as np
import pytest

from scoper.baselines._exact import exact_summary
from scoper.errors import InputError
from scoper.modelling.env_import import import_env
from scoper.numerics.solve import policy_iteration, start_value
from scoper.numerics.statistics import log_evidence_against


def optimum(imported, **settings):
    return start_value(imported.mdp, policy_iteration(imported.mdp, **settings).optimum())


class Corridor(gym.Env):
    """Five cells in a row, left or right, a prize at the right end; nothing to look into and nothing to put back."""

    action_space = gym.spaces.Discrete(2, start=1)
    observation_space = gym.spaces.Box(0, 4, (1,), dtype=np.int64)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._cell = 0
        return np.array([0]), {}

    def step(self, action):
        self._cell = min(4, max(0, self._cell + (1 if action == 2 else -1)))
        return np.array([self._cell]), float(self._cell == 4), self._cell == 4, False, {}


class Machine(gym.Env):
    """Works (0) or is broken (1); running breaks it in 3 of 10 cases, repair always helps."""

    action_space = gym.spaces.Discrete(2)
    observation_space = gym.spaces.Discrete(2)

    def __init__(self, attribute="_hidden_away"):
        self._attribute = attribute

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        setattr(self, self._attribute, 0)
        return 0, {}

    def step(self, action):
        before = getattr(self, self._attribute)
        broken = int(before or self.np_random.random() < 0.3) if action == 0 else 0
        setattr(self, self._attribute, broken)
        return broken, float(before == 0 and action == 0), False, False, {}


class Forgetful(gym.Env):
    """Answers the same each time, but its observation leaves out what decides: every third step pays."""

    action_space = gym.spaces.Discrete(1)
    observation_space = gym.spaces.Discrete(1)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._clock = 0
        return 0, {}

    def step(self, action):
        self._clock += 1
        return 0, float(self._clock % 3 == 0), False, self._clock >= 30, {}


class Closed(gym.Wrapper):
    """Nothing of what it wraps can be looked into."""

    unwrapped = property(lambda self: self)


def frozen_lake(**kwargs):
    return gym.make("FrozenLake-v1", **kwargs)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["FrozenLake-v1", "Taxi-v4", "CliffWalking-v1"])
def test_a_table_that_agrees_with_the_steps_is_taken_as_declared_with_the_registered_limit(name):
    imported = import_env(gym.make(name))

    assert imported.basis == "declared"
    assert imported.mdp.is_exact
    assert imported.mdp.horizon == gym.spec(name).max_episode_steps
    assert not imported.counts.any()
    assert imported.mdp.initial == pytest.approx(gym.make(name).unwrapped.initial_state_distrib)


def test_the_imported_cliff_costs_its_thirteen_steps():
    assert optimum(import_env(gym.make("CliffWalking-v1")), discount=1.0) == pytest.approx(-13.0, abs=1e-9)


def test_the_firm_lake_pays_after_six_steps():
    assert optimum(import_env(frozen_lake(is_slippery=False), discount=0.9)) == pytest.approx(0.9**5, abs=1e-9)


def test_tables_of_lists_and_numpy_numbers_are_read_like_any_other():
    env, plain = frozen_lake(), import_env(frozen_lake()).mdp
    table = env.unwrapped.P

    def numbers(moves):
        return [[np.float64(p), np.int64(s), np.float32(r), np.bool_(end)] for p, s, r, end in moves]

    env.unwrapped.P = [[numbers(table[state][action]) for action in range(4)] for state in range(16)]
    imported = import_env(env)

    assert imported.basis == "declared"
    assert (imported.mdp.successor == plain.successor).all()
    assert (imported.mdp.probability == plain.probability).all()


def test_a_table_without_a_start_distribution_takes_that_of_resets_and_is_not_exact():
    env = Machine()
    env.P = {
        0: {0: [(0.7, 0, 1.0, False), (0.3, 1, 1.0, False)], 1: [(1.0, 0, 0.0, False)]},
        1: {0: [(1.0, 1, 0.0, False)], 1: [(1.0, 0, 0.0, False)]},
    }
    imported = import_env(gym.wrappers.TimeLimit(env, 30))

    assert imported.basis == "declared"
    assert imported.mdp.start_resets >= 500
    assert not imported.mdp.is_exact
    assert any("resets" in note for note in imported.notes)


def test_a_wrapper_that_changes_the_reward_makes_the_table_unbelievable_and_steps_are_counted():
    env = gym.wrappers.TransformReward(frozen_lake(is_slippery=False), lambda reward: 3.0 * reward)
    imported = import_env(env, discount=0.9)

    assert imported.basis == "enumerated"
    assert "not believed" in imported.notes[0]
    assert optimum(imported) == pytest.approx(3.0 * 0.9**5, abs=1e-9)


def test_a_deterministic_environment_without_table_is_enumerated_but_not_proved():
    imported = import_env(Corridor(), discount=0.5)

    assert imported.basis == "enumerated"
    assert imported.observations == ((0,), (1,), (2,), (3,), (4,))
    assert imported.counts[:4].tolist() == [[1, 1]] * 4
    assert optimum(imported) == pytest.approx(0.5**3, abs=1e-12)
    assert exact_summary(imported.mdp, 1.0, "").basis == "measured"


def test_taxi_tried_out_has_the_table_that_it_would_have_given():
    env = gym.make("Taxi-v4")
    table = env.unwrapped.P
    imported = import_env(Closed(env))
    mdp = imported.mdp

    assert imported.basis == "enumerated"
    for state, number in enumerate(imported.observations):
        for action in np.flatnonzero(imported.counts[state]):
            ((_, after, reward, end),) = table[number][action]
            at = mdp.offsets[state * 6 + action]
            found = (imported.observations[mdp.successor[at]], mdp.reward[at], mdp.terminates[at])
            assert found == (after, reward, end)


@pytest.mark.parametrize("attribute", ["state", "_hidden_away"])
def test_a_random_environment_is_estimated_with_counts_and_never_exact(attribute):
    imported = import_env(Machine(attribute), discount=0.9, max_steps=20_000)
    mdp = imported.mdp

    assert imported.basis == "estimated"
    assert ("put back" in imported.notes[0]) == (attribute == "state")
    assert not mdp.is_exact
    assert imported.counts.min() > 1000
    broken = imported.observations.index(1)
    pair = imported.observations.index(0) * 2
    span = slice(mdp.offsets[pair], mdp.offsets[pair + 1])
    shares = dict(zip(mdp.successor[span].tolist(), mdp.probability[span], strict=True))
    n = imported.counts[pair // 2, 0]
    assert log_evidence_against([shares[broken] * n, (1 - shares[broken]) * n], [0.3, 0.7]) < np.log(1e6)


def test_a_hidden_clock_is_noticed_and_only_estimated():
    imported = import_env(Forgetful(), max_steps=6000)

    assert imported.basis == "estimated"
    assert imported.mdp.reward[0] == pytest.approx(1 / 3, abs=1e-3)
    assert any("cut" in note for note in imported.notes)


@pytest.mark.slow
def test_blackjack_is_estimated_and_its_hits_bust_as_often_as_cards_say():
    imported = import_env(gym.make("Blackjack-v1", sab=True), discount=1.0, max_steps=30_000)
    mdp, evidence = imported.mdp, 0.0
    for state, (player, _, ace) in enumerate(imported.observations):
        trials = int(imported.counts[state, 1])
        if ace == 0 and 12 <= player <= 20 and trials:
            span = slice(mdp.offsets[state * 2 + 1], mdp.offsets[state * 2 + 2])
            busts = float(mdp.probability[span] @ mdp.terminates[span]) * trials
            chance = (player - 8) / 13  # of thirteen ranks, four count ten: cards above 21 - player
            evidence += log_evidence_against([busts, trials - busts], [chance, 1 - chance])

    assert imported.basis == "estimated"
    assert evidence < np.log(1e6)
    assert optimum(imported) == pytest.approx(-0.045, abs=0.04)  # near break-even, as every basic strategy is


def test_what_cannot_be_counted_is_refused():
    with pytest.raises(InputError, match="cannot be counted"):
        import_env(gym.make("Pendulum-v1"))
    with pytest.raises(InputError, match="different observations"):
        import_env(gym.make("CartPole-v1"), max_states=200, max_steps=2000)
