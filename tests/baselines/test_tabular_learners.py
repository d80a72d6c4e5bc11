"""The tabular learners as the probe meets them: what they return, what they tell, when they are asked."""

import gymnasium
import numpy as np
import pytest

from scoper.baselines import Task, discover
from scoper.baselines.q_learning import _stepping_plan
from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.probe import ProbePlan
from scoper.numerics.learning.plan import LEARNERS
from scoper.numerics.learning.stepping import SteppedLearner, observation_key
from scoper.probe.session import Session
from scoper.probe.shelter import Pulse

BASELINES = {baseline.id: baseline for baseline in discover()[0]}
STEPS = 40_000


def session():
    sent = []
    plan = ProbePlan(spec_text="", spec=EnvironmentSpec(name="x", id="X-v0"), learning_steps=STEPS)
    made = Session(plan, sent.append, Pulse())
    made.sent = sent
    return made


def task_of(table, **changed):
    values = {"discount": 0.9, "evaluation_discount": 1.0, "horizon": 2, "action_kind": "discrete"}
    return Task(name="corridor", table=table, **{**values, **changed})


def test_every_learner_of_the_numerics_is_a_baseline():
    assert set(LEARNERS) <= set(BASELINES)
    assert not BASELINES["q_learning"].fallback
    assert all(BASELINES[learner].fallback for learner in LEARNERS if learner != "q_learning")


@pytest.mark.slow
@pytest.mark.parametrize("learner", LEARNERS)
def test_a_learner_finds_the_patient_policy_and_its_exact_return(corridor, learner):
    made, wanted = session(), np.array([7.0, 0.0, 3.0, 0.0])
    outcome = BASELINES[learner].run(task_of(corridor(), objective_reward=wanted), made)[learner]

    assert outcome.samples == pytest.approx((10.0,) * 3, rel=0.02)
    assert outcome.objective == pytest.approx(3.0, rel=0.02)
    assert outcome.steps == 3 * STEPS
    assert f"after {STEPS:,} timesteps a seed with discount" in outcome.summary.policy
    assert "exact return of each seed" in outcome.summary.policy
    assert outcome.summary.policy.startswith("softmax" if learner in ("reinforce", "actor_critic") else "greedy")


@pytest.mark.parametrize("learner", ["q_learning", "actor_critic"])
def test_every_evaluation_is_told_as_it_happens(corridor, learner):
    made = session()
    outcome = BASELINES[learner].run(task_of(corridor()), made)[learner]
    told = {(event.seed, event.steps): event.mean_return for event in made.sent}
    curves = {(c.seed, s): r for c in outcome.curves for s, r in zip(c.steps, c.returns, strict=True)}

    assert told == curves
    assert {event.learner for event in made.sent} == {learner}
    assert {event.of_steps for event in made.sent} == {STEPS}
    assert [curve.steps[-1] for curve in outcome.curves] == [STEPS] * 3


def test_the_same_plan_gives_the_same_outcome(corridor):
    first, again = (BASELINES["dyna_q"].run(task_of(corridor()), session())["dyna_q"] for _ in range(2))

    assert first.samples == again.samples
    assert first.curves == again.curves


def test_second_choices_need_a_table():
    stepping = task_of(None, make_env=lambda: None, observation_kind="finite")

    assert BASELINES["q_learning"].applies_to(stepping)
    assert not any(BASELINES[name].applies_to(stepping) for name in LEARNERS if name != "q_learning")


def test_second_choices_keep_out_where_a_constant_action_is_optimal(corridor):
    at_once = corridor(reward=np.array([10.0, 0.0, 10.0, 0.0]))  # leaving pays as much now as after a walk

    assert BASELINES["sarsa"].run(task_of(at_once), session()) == {}
    assert BASELINES["sarsa"].run(task_of(at_once, horizon=None, evaluation_discount=0.9), session()) == {}


def test_a_stepped_learner_solves_a_foreign_environment_whose_observations_are_grids():
    """Four cells shown as a picture: nothing tells the learner how many pictures there are."""
    places = [np.eye(4, dtype=np.uint8)[place].reshape(2, 2) for place in range(4)]
    learner, place = SteppedLearner(_stepping_plan(task_of(None, horizon=20), 3_000), 2, 0), 0
    learner.begin(places[0])
    for _ in range(3_000):
        place = max(0, place + (1 if learner.act() == 1 else -1))
        learner.observe(float(place == 3), places[place], terminated=place == 3, truncated=False)
        if place == 3:
            place = 0
            learner.begin(places[0])

    assert learner.n_states == 4
    assert [learner.greedy(picture) for picture in places[:3]] == [1, 1, 1]
    # right away is worth 0.9 to the power of the steps that are left
    values = [learner.tables[learner.number_of(picture)][1] for picture in places[:3]]
    assert values == pytest.approx([0.81, 0.9, 1.0], abs=0.01)


@pytest.mark.parametrize(
    "space",
    [
        gymnasium.spaces.Discrete(5, start=-2),
        gymnasium.spaces.MultiDiscrete([3, 4]),
        gymnasium.spaces.MultiBinary(6),
        gymnasium.spaces.Box(0, 3, (2, 2), dtype=np.uint8),
        gymnasium.spaces.Text(4),
        gymnasium.spaces.Tuple((gymnasium.spaces.Discrete(3), gymnasium.spaces.MultiBinary(2))),
        gymnasium.spaces.Dict({"b": gymnasium.spaces.Discrete(3), "a": gymnasium.spaces.MultiBinary(2)}),
    ],
    ids=lambda space: type(space).__name__,
)
def test_discrete_observations_have_one_key_each(space):
    space.seed(0)
    seen = [space.sample() for _ in range(300)]
    keys = [observation_key(observation) for observation in seen]
    texts = [repr(observation) for observation in seen]

    assert len(set(keys)) == len(set(texts)) == len(set(zip(keys, texts, strict=True)))


@pytest.mark.parametrize("observation", [0.5, np.array([0.5]), None, {"a": 1.5}])
def test_a_continuous_observation_is_refused(observation):
    with pytest.raises(TypeError, match="is not discrete"):
        observation_key(observation)
