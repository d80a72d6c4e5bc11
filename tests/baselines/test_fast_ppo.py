"""The batched PPO with environments: lanes, truncation, seeds that do not touch each other, what is left to others."""

import contextlib
from types import SimpleNamespace

import gymnasium
import numpy as np
import pytest
from gymnasium import spaces

from scoper.baselines import Task, ppo
from scoper.baselines._collect import Collector
from scoper.baselines._fast_ppo import ENGINE, fit, train
from scoper.baselines._lanes import Lanes, codec_of
from scoper.domain.probe import ProbePlan
from scoper.numerics.ppo.layout import Layout, blocks
from scoper.numerics.ppo.learner import Learner
from scoper.numerics.ppo.settings import PpoSettings

SETTINGS = PpoSettings(n_envs=3, n_steps=16, batch_size=24, n_epochs=2)


class Corridor(gymnasium.Env):
    """Counts its timesteps; pays 1 for each; ends by itself or by truncation after `length`; keeps every action."""

    def __init__(self, length=4, truncates=True, observation=None, action=None):
        self.observation_space = observation or spaces.Box(0.0, 100.0, (1,), np.float32)
        self.action_space = action or spaces.Discrete(2)
        self.length, self.truncates, self.actions, self.seeds = length, truncates, [], []

    def reset(self, *, seed=None, options=None):
        self.time = 0
        self.seeds.append(seed)
        return self._observation(), {}

    def step(self, action):
        self.time += 1
        self.actions.append(action)
        over = self.time >= self.length
        return self._observation(), 1.0, over and not self.truncates, over and self.truncates, {}

    def _observation(self):
        space = self.observation_space
        return (
            self.time + space.start
            if isinstance(space, spaces.Discrete)
            else np.full(space.shape, self.time, space.dtype)
        )


def cart_pole():
    return gymnasium.make("CartPole-v1")


def collector_of(make, seeds, settings=SETTINGS, rows=None):
    env = make()
    codec = codec_of(env.observation_space, env.action_space)
    layout = Layout(codec.n_inputs, codec.n_outputs, codec.law(use_sde=settings.use_sde), settings.hidden)
    learner = Learner(layout, settings, seeds, rows)
    lanes = Lanes(make, codec, seeds, settings.n_envs)
    return learner, Collector(learner, lanes, None), lanes


def trained(seeds, rounds=6):
    learner, collector, _ = collector_of(cart_pole, seeds)
    for _ in range(rounds):
        assert collector.collect(lambda: False)
        collector.update(0.0)
    return learner


def test_a_seed_sees_and_learns_the_same_bytes_alone_and_among_five():
    assert trained([30]).rows.tobytes() == trained([0, 10, 20, 30, 40]).rows[3:4].tobytes()


def test_the_discounted_value_of_where_a_truncated_episode_ended_is_added_and_of_a_terminated_one_is_not():
    settings = PpoSettings(n_envs=1, n_steps=5, batch_size=5, gamma=0.5, hidden=(2,))
    layout = Layout(1, 2, "categorical", (2,))
    row = blocks(layout, np.zeros((1, layout.size), np.float32))
    row.value_bias[:] = 7.0  # every state is worth 7

    for truncates, last in ((True, 1.0 + 0.5 * 7.0), (False, 1.0)):
        _, collector, _ = collector_of(lambda t=truncates: Corridor(truncates=t), [0], settings, row.flat)
        collector.collect(lambda: False)
        rollout = collector._rollout
        assert rollout.rewards.ravel().tolist() == [1, 1, 1, last, 1]
        assert rollout.observations.ravel().tolist() == [0, 1, 2, 3, 0]
        assert rollout.starts.ravel().tolist() == [1, 0, 0, 0, 1]


def test_lanes_begin_with_seeds_one_after_the_other_and_go_on_without():
    made = []

    def make():
        made.append(Corridor(length=3))
        return made[-1]

    codec = codec_of(Corridor().observation_space, spaces.Discrete(2))
    lanes = Lanes(make, codec, [100, 200], 2)
    lanes.reset()
    for _ in range(3):
        lanes.step(np.zeros((2, 2, 1), np.float32))

    assert [env.seeds for env in made] == [[100, None], [101, None], [200, None], [201, None]]


def test_states_and_actions_that_are_counted_from_another_number_than_zero_are_understood():
    env = Corridor(observation=spaces.Discrete(6, start=-2), action=spaces.Discrete(3, start=5))
    codec = codec_of(env.observation_space, env.action_space)
    row = np.zeros(6, np.float32)
    codec.write(-1, row)

    assert row.tolist() == [0, 1, 0, 0, 0, 0]
    assert codec.actions(np.array([[[0.0], [2.0]]], np.float32)) == [[5, 7]]


def test_several_actions_at_once_are_counted_each_from_its_own_first():
    codec = codec_of(spaces.Box(0, 1, (2,)), spaces.MultiDiscrete([2, 3], start=[0, 4]))
    ((action,),) = codec.actions(np.array([[[1.0, 2.0]]], np.float32))

    assert (codec.n_outputs, codec.n_numbers, codec.law(use_sde=False)) == (5, 2, "multi")
    assert action.tolist() == [1, 6]


def test_continuous_actions_are_cut_to_their_box_and_have_its_shape():
    box = spaces.Box(np.array([[-1.0, 0.0]]), np.array([[1.0, 3.0]]), dtype=np.float64)
    codec = codec_of(spaces.Box(0, 1, (2, 2)), box)
    ((action,),) = codec.actions(np.array([[[-9.0, 2.0]]], np.float32))

    assert codec.n_inputs == 4
    assert action.tolist() == [[-1.0, 2.0]]
    assert box.contains(action)


@pytest.mark.parametrize(
    ("observation", "action"),
    [
        (spaces.Dict({"x": spaces.Discrete(2)}), spaces.Discrete(2)),
        (spaces.Box(0, 255, (36, 36, 3), np.uint8), spaces.Discrete(2)),
        (spaces.Box(0, 1, (2000,)), spaces.Discrete(2)),
        (spaces.Box(0, 1, (2,)), spaces.MultiBinary(2)),
        (spaces.Box(0, 1, (2,)), spaces.Box(0, 5, (1,), np.int64)),
        (spaces.MultiBinary(3), spaces.Discrete(2)),
    ],
    ids=["dict", "picture", "large", "product", "whole numbers", "bits"],
)
def test_other_spaces_are_left_to_the_reference_implementation(observation, action):
    def make():
        return Corridor(observation=observation, action=action)

    assert codec_of(observation, action) is None
    assert fit(Task("x", 0.99, 1.0, 10, make_env=make, observation_kind="dense", action_kind="discrete")) is None


class _Context:
    """Unlimited time; events are kept; seeds by purpose."""

    def __init__(self, **plan):
        spec = SimpleNamespace()
        self.plan = ProbePlan.model_construct(spec=spec, budget="standard", n_seeds=2, learning_steps=3000, **plan)
        self.events = []
        self.batch, self.effort, self.first_seeds, self.most_seeds, self.memory = range(2), 1.0, 2, 2, {}
        self.share = 0.4

    def emit(self, event):
        self.events.append(event)

    def left_s(self):
        return 1e6

    def own_work(self):
        return contextlib.nullcontext()

    def seeds(self, purpose, n):
        words = np.random.SeedSequence([len(purpose), *purpose.encode()]).generate_state(n)
        return [int(word >> 1) for word in words]


def cart_pole_task(**changed):
    known = {"make_env": cart_pole, "observation_kind": "dense", "action_kind": "discrete", **changed}
    return Task("pole", 0.99, 1.0, 500, **known)


def run(task, context):
    return train(fit(task), task, context)["ppo"]


@pytest.mark.slow
def test_the_same_seed_gives_the_same_events_and_returns():
    runs = []
    for _ in range(2):
        context = _Context()
        found = run(cart_pole_task(), context)
        runs.append((context.events, found.samples, found.last))

    assert runs[0] == runs[1]
    assert len({event.seed for event in runs[0][0]}) == 2


@pytest.mark.slow
def test_the_result_says_which_engine_ran_and_every_seed_reaches_its_planned_timesteps():
    context = _Context()
    found = run(cart_pole_task(), context)

    assert ENGINE in found.summary.policy
    rollout = 8 * 128  # of the plain settings
    planned = -(-3000 // rollout) * rollout
    assert [curve.steps[-1] for curve in found.curves] == [planned] * 2
    assert found.steps == 2 * planned
    assert {event.of_steps for event in context.events} == {planned}


@pytest.mark.deep
def test_what_does_not_fit_is_trained_by_the_reference_implementation_and_the_result_says_so():
    def make():
        return Corridor(action=spaces.MultiBinary(2))

    found = ppo.BASELINE.run(cart_pole_task(make_env=make, action_kind="product"), _Context())["ppo"]

    assert "stable-baselines3" in found.summary.policy
    assert found.extra == "deep"
    assert found.samples == (4.0, 4.0)  # four timesteps that pay 1 each, whatever is done


def test_a_seed_that_reached_the_target_twice_in_a_row_stops_and_says_so():
    context = _Context()
    task = cart_pole_task(target=1.0, environment_id="CartPole-v1")  # every episode lasts at least one timestep
    found = run(task, context)

    assert [len(curve.steps) for curve in found.curves] == [2, 2]
    assert all(curve.steps[-1] < event.of_steps for curve, event in zip(found.curves, context.events[2:], strict=True))
    assert [event.stopped.startswith("reached 1") for event in context.events] == [False, False, True, True]
    assert found.note == ""


@pytest.mark.slow
def test_measuring_never_takes_more_timesteps_than_learning_before_the_last_mark():
    context = _Context()
    lengths = []

    def make():
        lengths.append(Corridor(length=400))
        return lengths[-1]

    found = run(cart_pole_task(make_env=make, environment_id="CartPole-v1"), context)

    # an evaluation is ten episodes of 400 timesteps, a mark is due every 150: one at once, the next ones wait for
    # 4,000 and more timesteps of learning, which the planned 3,072 never reach, but the end is always measured
    assert [curve.steps for curve in found.curves] == [(256, 3072)] * 2


def test_when_the_time_is_over_the_policy_so_far_is_measured_and_the_note_says_it():
    context = _Context()
    context.left_s = lambda: -1.0
    found = run(cart_pole_task(), context)

    assert [curve.steps for curve in found.curves] == [(8,), (8,)]  # one timestep of each of eight environments
    assert all(event.stopped == "its share of the time is over" for event in context.events)
    assert "stopped by the clock" in found.note
