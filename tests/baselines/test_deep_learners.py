"""Learners of stable-baselines3 and sb3-contrib on small environments: every form of space, masks, memory."""

import contextlib

import gymnasium
import numpy as np
import pytest
from gymnasium import spaces

from scoper.baselines import Task, _deep
from scoper.baselines._algorithms import ENTRIES
from scoper.domain.probe import ProbePlan

pytestmark = [pytest.mark.deep, pytest.mark.filterwarnings("ignore")]
BOX, LEVERS = spaces.Box(-1.0, 1.0, (3,), np.float32), spaces.Discrete(3)
PICTURE, SMALL = spaces.Box(0, 255, (40, 40, 3), np.uint8), spaces.Box(0, 255, (7, 7, 3), np.uint8)
FORMS = {
    "vector": (BOX, "vector"),
    "picture": (PICTURE, "picture"),
    "a picture too small for convolutions": (SMALL, "vector"),
    "mixture": (spaces.Dict({"numbers": BOX, "case": spaces.Discrete(3), "seen": PICTURE}), "mixed"),
    "mixture with a small picture": (spaces.Dict({"numbers": BOX, "seen": SMALL}), "mixed"),
    "cases": (spaces.MultiDiscrete([3, 2]), "vector"),
}


class Samples(gymnasium.Env):
    """Random observations of a space; pays 1 for the last of its actions; forbids the middle one; 8 timesteps."""

    def __init__(self, observation, action, tells="info"):
        self.observation_space, self.action_space = observation, action
        self.taken = []
        if tells == "method":
            self.action_masks = lambda: self._mask

    _mask = np.array([1, 0, 1], np.int8)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.observation_space.seed(int(self.np_random.integers(2**31)))
        self._time = 0
        return self.observation_space.sample(), {"action_mask": self._mask}

    def step(self, action):
        self.taken.append(action)
        self._time += 1
        reward = float(np.all(action == 2))
        return self.observation_space.sample(), reward, False, self._time >= 8, {"action_mask": self._mask}


class Context:
    """Unlimited time; events are kept; seeds by purpose."""

    batch, effort, first_seeds, most_seeds = range(1), 1.0, 1, 1

    def __init__(self, steps):
        self.plan, self.events, self.memory = ProbePlan.model_construct(learning_steps=steps, n_seeds=1), [], {}
        self.emit = self.events.append

    def left_s(self):
        return 1e9

    def own_work(self):
        return contextlib.nullcontext()

    def seeds(self, purpose, n):
        return [int(word >> 1) for word in np.random.SeedSequence(list(purpose.encode())).generate_state(n)]


def learned(algorithm, make, steps=64, **facts):
    kind = "continuous" if algorithm in ("sac", "td3") else "discrete"
    given = {"observation_kind": "dense", "action_kind": kind, **facts}
    task = Task("samples", 0.9, 1.0, 8, make_env=make, **given)
    context = Context(steps)
    return _deep.train(algorithm, task, context)[algorithm], context.events


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("algorithm", ["ppo", "a2c", "dqn", "td3", "recurrent_ppo"])
def test_every_learner_takes_every_form_of_observation(algorithm, form):
    observation, kind = FORMS[form]
    action = spaces.Box(-1.0, 1.0, (2,), np.float32) if algorithm == "td3" else LEVERS
    outcome, events = learned(algorithm, lambda: Samples(observation, action), form=kind)

    assert outcome.steps >= 64
    assert [event.learner for event in events] == [algorithm] * len(events)
    assert 0.0 <= outcome.samples[0] <= 8.0  # eight timesteps, at most 1 each
    assert outcome.extra == ENTRIES[algorithm].extra


@pytest.mark.parametrize("tells", ["info", "method"])
def test_a_learner_with_masks_never_takes_what_is_forbidden(tells):
    made = []

    def make():
        made.append(Samples(BOX, LEVERS, tells))
        return made[-1]

    outcome, _ = learned("maskable_ppo", make, masks=True)
    taken = np.concatenate([env.taken for env in made if env.taken])

    assert set(taken.tolist()) <= {0, 2}
    assert len(taken) >= outcome.steps


def test_goals_are_relabelled_in_hindsight_where_the_environment_pays_for_others():
    outcome, _ = learned("sac", Reach, steps=120, form="goal")

    assert outcome.steps >= 120
    assert -8 * np.sqrt(8.0) <= outcome.samples[0] <= 0.0  # at most the diagonal of the square, eight times


class Reach(gymnasium.Env):
    """A point that moves by its actions towards a goal in a square; pays minus the distance."""

    observation_space = spaces.Dict(
        {name: spaces.Box(-1.0, 1.0, (2,), np.float32) for name in ("observation", "achieved_goal", "desired_goal")}
    )
    action_space = spaces.Box(-1.0, 1.0, (2,), np.float32)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._time, self._place = 0, np.zeros(2, np.float32)
        self._goal = self.np_random.uniform(-1.0, 1.0, 2).astype(np.float32)
        return self._seen(), {}

    def step(self, action):
        self._place = np.clip(self._place + 0.1 * np.asarray(action, np.float32), -1.0, 1.0)
        self._time += 1
        return self._seen(), float(self.compute_reward(self._place, self._goal, {})), False, self._time >= 8, {}

    def compute_reward(self, achieved, desired, info):
        return -np.linalg.norm(np.asarray(achieved) - desired, axis=-1)

    def _seen(self):
        return {"observation": self._place.copy(), "achieved_goal": self._place.copy(), "desired_goal": self._goal}


def test_a_policy_with_memory_remembers_within_an_episode_and_not_beyond():
    from scoper.baselines._algorithms import model, vector
    from scoper.baselines._players import Player
    from scoper.baselines._settings import arguments_for

    def make():
        return Samples(BOX, LEVERS)

    settings = arguments_for("recurrent_ppo", Task("x", 0.9, 1.0, 8, action_kind="discrete"))
    envs = vector(make, "recurrent_ppo", settings, 0)
    player = Player("recurrent_ppo", model("recurrent_ppo", envs, settings, 0), envs)
    seen = np.ones((2, 3), np.float32)

    player.begin()
    player.act(seen, [0, 1], 2, [])
    first = [state.copy() for state in player._states]
    player.act(seen[:1], [1], 2, [])
    second = [state.copy() for state in player._states]
    player.begin()
    player.act(seen, [0, 1], 2, [])

    for before, after, again in zip(first, second, player._states, strict=True):
        assert (before[:, 0] == after[:, 0]).all()  # the episode that was over keeps its state
        assert (before[:, 1] != after[:, 1]).any()
        np.testing.assert_allclose(again, before)


def test_a_checkpoint_is_a_state_dict_that_survives_its_bytes_and_refuses_pickles():
    import io

    from scoper.baselines._algorithms import model, vector
    from scoper.baselines._policy_state import PolicyState
    from scoper.baselines._settings import arguments_for

    settings = arguments_for("dqn", Task("x", 0.9, 1.0, 8, action_kind="discrete", magnitudes=(300.0,)))
    envs = vector(lambda: Samples(BOX, LEVERS), "dqn", settings, 0)
    one, other = (model("dqn", envs, settings, seed) for seed in (0, 1))
    envs.obs_rms.mean[:] = 5.0
    kept = PolicyState.from_bytes(PolicyState.of(one, envs).to_bytes())
    envs.obs_rms.mean[:] = 0.0
    kept.restore(other, envs)

    for name, tensor in one.policy.state_dict().items():
        assert (other.policy.state_dict()[name] == tensor).all(), name
    assert envs.obs_rms.mean.tolist() == [5.0, 5.0, 5.0]
    poisoned = io.BytesIO()
    np.savez(poisoned, **{"policy/x": np.array([{"a": 1}], dtype=object)})
    with pytest.raises(ValueError, match="allow_pickle"):
        PolicyState.from_bytes(poisoned.getvalue())
