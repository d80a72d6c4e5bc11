"""Planning by stepping alone, against optima that are known exactly, and what it leaves behind for an audit."""

import functools

import gymnasium
import numpy as np
import pytest

from scoper.baselines import Task, planned
from scoper.baselines._numbered import Numbered
from scoper.baselines._vectors import reader_of
from scoper.domain.mdp import EnvironmentSpec, Objective
from scoper.domain.probe import ProbePlan
from scoper.probe.session import Session
from scoper.probe.shelter import Pulse
from scoper.probe.watched import Watched

_ENOUGH = 2_500


@pytest.fixture
def planning():
    """The outcomes of planning on an environment by stepping."""

    def run(make, limit, *, budget="quick", seed=0, objective=None, **plan):
        spec = ProbePlan(spec_text="", spec=EnvironmentSpec(name="x", id="X-v0"), budget=budget, seed=seed, **plan)
        task = Task("x", 0.99, 1.0, limit, make_env=lambda: Watched(make(), Pulse(), limit), objective=objective)
        return planned.BASELINE.run(task, Session(spec, lambda event: None, Pulse()))

    return run


# Exact optima within the time limit: dynamic programming on Gymnasium's own tables. Random returns 0.014, -771.1, -1e5.
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "kwargs", "limit", "optimum", "slack"),
    [
        ("FrozenLake-v1", {"is_slippery": False}, 100, 1.0, 1e-9),
        ("CliffWalking-v1", {}, 1000, -13.0, 1e-9),
        pytest.param("FrozenLake-v1", {}, 100, 0.74419, 0.1, marks=pytest.mark.slow),
        pytest.param("Taxi-v4", {}, 200, 7.930, 1.0, marks=pytest.mark.slow),
    ],
)
def test_toy_text_is_solved_by_stepping_only(planning, name, kwargs, limit, optimum, slack):
    budget = "standard" if slack == 1.0 or name == "FrozenLake-v1" else "quick"
    summary = planning(functools.partial(gymnasium.make, name, **kwargs), limit, budget=budget)["planned"].summary
    half = summary.high - summary.mean
    assert summary.mean >= optimum - slack - half
    assert summary.mean <= optimum + half + 1e-9


@pytest.mark.slow
def test_blackjack_comes_close_to_the_optimum_of_its_own_recursion(planning):
    summary = planning(functools.partial(gymnasium.make, "Blackjack-v1"), 100, budget="standard")["planned"].summary
    assert summary.low <= -0.043113
    assert summary.mean >= -0.043113 - 0.25 * (0.39 - 0.043)  # three quarters of the gain over random


class Farm(gymnasium.Env):
    """Nine cells in a row; the middle one pays every visit 0.3, the last one ends with 0.5. The owner wants the end.

    Within 20 timesteps walking to and fro over the middle pays after 4, 6, ..., 20 of them: 9 * 0.3 = 2.7. Leaving in
    time for the end pays after 4, 6, ..., 16 of them and at the end: 7 * 0.3 + 0.5 = 2.6.
    """

    observation_space = gymnasium.spaces.Dict({"at": gymnasium.spaces.Box(0.0, 8.0, (1,), np.float32)})
    action_space = gymnasium.spaces.MultiDiscrete([2])

    def _told(self):
        return {"at": np.array([self.at], dtype=np.float32)}

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.at, self.time = 0, 0
        return self._told(), {}

    def step(self, action):
        self.at = max(0, self.at + (1 if action[0] == 1 else -1))
        self.time += 1
        reward = 0.3 * (self.at == 4) + 0.5 * (self.at == 8)
        return self._told(), reward, self.at == 8, self.time == 20, {"arrived": float(self.at == 8)}


def test_reward_and_objective_are_planned_apart_and_each_reports_both(planning):
    outcomes = planning(Farm, 20, objective=Objective(info="arrived"), learning_steps=_ENOUGH)
    rich, kept = outcomes["planned"], outcomes["planned_objective"]
    assert rich.summary.mean == pytest.approx(2.7)
    assert rich.objective == 0.0
    assert kept.objective == 1.0
    assert kept.summary.mean < 2.7


def test_a_number_that_is_to_be_small_is_made_small(planning):
    outcomes = planning(Farm, 20, objective=Objective(info="arrived", direction="minimise"), learning_steps=_ENOUGH)
    assert outcomes["planned_objective"].objective == 0.0


def test_the_model_counts_what_was_stepped_and_its_traces_replay(planning):
    outcomes = planning(Farm, 20, objective=Objective(info="arrived"), learning_steps=_ENOUGH)
    model = outcomes["planned"].model
    assert model.counts.sum() == model.steps.size == model.transition_counts.sum()
    assert model.coding == "values"
    assert model.components == ("at",)
    assert model.n_cells == 9
    assert model.noise == 0.0
    assert model.known_share == 1.0
    for aim in ("reward", "objective"):
        for trace in model.planned[aim].traces:
            env, total, wanted = Farm(), 0.0, 0.0
            env.reset(seed=trace.seed)
            for number in trace.actions:
                _, reward, terminated, _, info = env.step(model.actions[number])
                total, wanted = total + reward, wanted + info["arrived"]
            assert (wanted, terminated) == (trace.wanted, trace.terminated)
            assert total == pytest.approx(trace.total)


def test_the_model_s_cells_are_those_of_its_steps(planning):
    model = planning(Farm, 20, learning_steps=_ENOUGH)["planned"].model
    assert model.wanted is None
    assert np.array_equal(model.centres[model.state], model.steps.before)
    assert np.array_equal(model.centres[model.successor], model.steps.after)


def test_the_same_plan_gives_the_same_outcome_and_another_seed_other_episodes(planning):
    first, again, other = (planning(Farm, 20, learning_steps=_ENOUGH, seed=seed)["planned"] for seed in (1, 1, 2))
    assert first.summary == again.summary
    assert first.model.steps.seeds == again.model.steps.seeds
    assert np.array_equal(first.model.steps.action, again.model.steps.action)
    assert first.model.steps.seeds != other.model.steps.seeds


def test_what_is_reported_was_played_on_seeds_that_chose_nothing(planning):
    outcome = planning(Farm, 20, learning_steps=_ENOUGH)["planned"]
    assert not set(outcome.model.steps.seeds) & {trace.seed for trace in outcome.model.planned["reward"].traces}
    assert "chosen on other episodes" in outcome.summary.policy


@pytest.mark.slow
def test_vectors_of_any_number_are_binned(planning):
    make = functools.partial(gymnasium.make, "Pendulum-v1")
    outcome = planning(make, 200)["planned"]
    assert outcome.model.coding == "bins"
    assert outcome.model.n_cells <= 4_000
    assert outcome.summary.low > -1100.0  # random policies return about -1230


def test_too_few_timesteps_plan_nothing(planning):
    assert planning(Farm, 20, learning_steps=100) == {}


def test_an_episode_that_is_left_early_is_kept_as_one_that_goes_on():
    task = Task("x", 0.99, 1.0, 20, make_env=Farm)
    env = Numbered(Farm(), task, reader_of(Farm.observation_space), [np.array([0]), np.array([1])], cut_after=3)
    env.reset(seed=0)
    cut = [env.step(1)[3] for _ in range(3)]
    assert cut == [False, False, True]
    assert not env.steps().truncated.any()
