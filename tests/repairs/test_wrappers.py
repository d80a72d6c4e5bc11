"""The wrappers that are written do what their first line says, and run where scoper is not."""

import importlib.util
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from scoper.repairs import (
    bound_reward,
    clock,
    frame_stack,
    logarithm,
    memory,
    normalise_observation,
    rescale_actions,
    time_limit,
    truncation,
    velocity,
)
from tests.repairs.cases import foreign

COUNTER = '''
import gymnasium
import numpy as np


class Counter(gymnasium.Env):
    """Shows 0, 2, 5, 9, ...; pays what `pays` lists; ends after `ends` steps; adds the action up."""

    observation_space = gymnasium.spaces.Box(-100, 100, (1,), np.float32)
    action_space = gymnasium.spaces.Box(-500.0, 500.0, (1,), np.float32)

    def __init__(self, pays=(1.0,), ends=99):
        self.pays, self.ends, self.added = list(pays), ends, 0.0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.t, self.at = 0, 7
        return np.array([self.at], np.float32), {}

    def step(self, action):
        self.added += float(np.ravel(action)[0])
        self.t += 1
        self.at += self.t + 1
        pay = self.pays[(self.t - 1) % len(self.pays)]
        return np.array([self.at], np.float32), pay, self.t >= self.ends, False, {"total": 3.0 * self.t}
'''


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A function: the environment of a proposal's wrapper, from files as a user has them."""
    (tmp_path / "counter.py").write_text(COUNTER)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "counter", raising=False)

    def make(proposals, **kwargs):
        (proposal,) = proposals
        file = tmp_path / f"repair_{proposal.repair}.py"
        file.write_text(proposal.wrapper)
        description = importlib.util.spec_from_file_location(file.stem, file)
        module = importlib.util.module_from_spec(description)
        description.loader.exec_module(module)
        return module.make(**kwargs)

    return make


def steps(env, n, action=(0.0,)):
    """The first observation, and n steps."""
    observation, _ = env.reset(seed=1)
    assert env.observation_space.contains(observation)
    return observation, [env.step(np.array(action, np.float32)) for _ in range(n)]


def test_memory_tells_the_first_observation_for_ever(made):
    first, rows = steps(made(memory.propose(foreign("observation_at_reset_only"))), 2)

    assert first.tolist() == [7, 7]
    assert [row[0].tolist() for row in rows] == [[9, 7], [12, 7]]


def test_frames_are_stacked_as_many_as_the_finding_says_the_newest_last(made):
    first, rows = steps(made(frame_stack.propose(foreign("non_markov_observation", frames=3))), 2)

    assert first.tolist() == [7, 7, 7]
    assert [row[0].tolist() for row in rows] == [[7, 7, 9], [7, 9, 12]]


def test_velocity_is_the_difference_to_the_step_before(made):
    first, rows = steps(made(velocity.propose(foreign("non_markov_observation"))), 2)

    assert first.tolist() == [7, 0]
    assert [row[0].tolist() for row in rows] == [[9, 2], [12, 3]]


def test_the_clock_goes_from_nothing_to_one(made):
    first, rows = steps(made(clock.propose(foreign("time_limit_leak"))), 20)

    assert first.tolist() == [7, 0]
    assert rows[-1][0][1] == 1.0


def test_an_endless_episode_is_cut_as_truncated(made):
    # a discount of 0.98 looks 50 timesteps ahead: the limit is twice that
    _, rows = steps(made(time_limit.propose(foreign("no_episode_end")), ends=10**9), 100)

    assert [(row[2], row[3]) for row in rows[-2:]] == [(False, False), (False, True)]


def with_model(case, **steps_taken):
    """The case as if the environment had been stepped; what is at hand is the finding's defect alone."""
    model = SimpleNamespace(steps=SimpleNamespace(size=4, **steps_taken))
    case.__dict__["defects"] = (case.findings[0].defect,)
    object.__setattr__(case.evidence, "model", model)
    return case


def test_an_end_at_the_limit_is_told_as_truncated_and_an_earlier_one_stays_an_end(made):
    taken = {"timestep": np.array([4, 4, 1, 0]), "terminated": np.array([True, True, True, False])}
    proposal = truncation.propose(with_model(foreign("time_limit_leak"), **taken))
    _, late = steps(made(proposal, ends=5), 5)
    _, early = steps(made(proposal, ends=2), 2)

    assert late[-1][2:4] == (False, True)
    assert early[-1][2:4] == (True, False)


def test_observations_are_told_between_minus_one_and_one_by_the_range_seen(made):
    taken = {"before": np.array([[7.0], [9.0]]), "after": np.array([[9.0], [12.0]])}
    first, rows = steps(made(normalise_observation.propose(with_model(foreign("observation_scale"), **taken))), 2)

    assert first.tolist() == [-1.0]
    assert rows[-1][0].tolist() == [1.0]


def test_a_logarithm_keeps_the_sign(made):
    _, rows = steps(made(logarithm.propose(foreign("unbounded_reward")), pays=[np.e - 1, 1 - np.e]), 2)

    assert [row[1] for row in rows] == pytest.approx([1.0, -1.0])


def test_no_number_counts_as_the_least_so_far_and_infinity_as_the_bound(made):
    pays = [-2.0, float("nan"), float("inf")]
    _, rows = steps(made(bound_reward.propose(foreign("nan_or_inf_reward")), pays=pays), 3)

    assert [row[1] for row in rows] == [-2.0, -2.0, 1e6]


def test_actions_are_narrowed_to_what_does_something(made):
    # of 500 a share of 0.002 is all there is: 1, and half as much again to be safe
    case = foreign("action_scale", low=-500.0, high=500.0, saturates_at_share=0.002)
    env = made(rescale_actions.propose(case))
    steps(env, 1, action=(1.0,))

    assert env.action_space.high.tolist() == [1.0]
    assert env.unwrapped.added == pytest.approx(1.5)


def test_a_wrapper_runs_without_scoper(tmp_path):
    (tmp_path / "counter.py").write_text(COUNTER)
    (proposal,) = memory.propose(foreign("observation_at_reset_only"))
    (tmp_path / "repair_memory.py").write_text(proposal.wrapper)
    code = "import sys, repair_memory; e = repair_memory.make(); print(e.reset()[0].tolist(), 'scoper' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert done.stdout.split("\n")[0] == "[7.0, 7.0] False"
    assert [edit.text for edit in proposal.edits] == ['"repair_memory:make"']
