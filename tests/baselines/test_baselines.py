"""Floors and learners, on a table small enough to work out by hand and by stepping small environments."""

import math
from pathlib import Path

import gymnasium
import numpy as np
import pytest

import scoper.baselines as room
from scoper.baselines import Task, discover
from scoper.baselines._deep import planned_steps
from scoper.baselines._effort import enough_episodes, ration
from scoper.baselines._rollout import interval_summary, rollout
from scoper.baselines._settings import settings_for
from scoper.domain.mdp import EnvironmentSpec, Objective
from scoper.domain.probe import ProbePlan
from scoper.probe.session import Session
from scoper.probe.shelter import Pulse

BASELINES = {baseline.id: baseline for baseline in discover()[0]}


@pytest.fixture
def session():
    def make(**plan):
        spec = EnvironmentSpec(name="x", id="X-v0")
        sent = []
        made = Session(ProbePlan(spec_text="", spec=spec, **{"learning_steps": 20_000, **plan}), sent.append, Pulse())
        made.sent = sent
        return made

    return make


@pytest.fixture
def task(corridor):
    def make(table=None, **changed):
        values = {
            "name": "corridor",
            "discount": 0.9,
            "evaluation_discount": 1.0,
            "horizon": 2,
            "action_kind": "discrete",
        }
        return Task(table=table or corridor(), **{**values, **changed})

    return make


class Walk(gymnasium.Env):
    """Five places; right pays 1 at the end, the objective counts steps to the left."""

    observation_space = gymnasium.spaces.Discrete(5)
    action_space = gymnasium.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.place, self.steps = 0, 0
        return 0, {}

    def step(self, action):
        self.steps += 1
        self.place = max(0, self.place + (1 if action == 1 else -1))
        return self.place, float(self.place == 4), self.place == 4, self.steps == 20, {"left": float(action == 0)}


@pytest.mark.parametrize("baseline", BASELINES.values(), ids=list(BASELINES))
def test_every_baseline_is_a_file_of_its_name_with_one_sentence(baseline):
    assert (Path(room.__file__).parent / f"{baseline.id}.py").is_file()
    assert baseline.summary.endswith(".")
    assert baseline.kind in ("floor", "reference", "planner", "learner")
    assert baseline.extra in (None, "deep", "contrib")


def test_the_floors_of_the_contract_are_all_there():
    floors = {baseline.id for baseline in BASELINES.values() if baseline.kind == "floor"}

    assert floors == {"random", "idle", "constant", "myopic"}
    assert {"q_learning", "ppo", "dqn", "sac"} <= set(BASELINES)


def test_random_is_exact_on_a_table(task, session):
    # leave at once: 1/2 * 1; walk then leave: 1/4 * 10
    outcome = BASELINES["random"].run(task(), session())["random"]

    assert outcome.summary.mean == pytest.approx(0.5 + 2.5, rel=1e-12)
    assert outcome.summary.basis == "proved"
    assert outcome.summary.low == outcome.summary.high == outcome.summary.mean


def test_random_chooses_among_available_actions_only(task, session, corridor):
    available = np.array([[False, True], [True, True]])

    assert BASELINES["random"].run(task(corridor(available=available)), session())["random"].summary.mean == 5.0


def test_the_best_constant_action_is_named(task, session):
    outcome = BASELINES["constant"].run(task(), session())["constant"]

    assert outcome.summary.mean == 1.0
    assert outcome.summary.policy == "always leave"


def test_a_constant_action_gives_way_where_it_is_not_available(task, session, corridor):
    available = np.array([[False, True], [True, True]])

    assert BASELINES["constant"].run(task(corridor(available=available)), session())["constant"].summary.mean == 10.0


def test_the_myopic_policy_takes_the_first_reward(task, session):
    assert BASELINES["myopic"].run(task(), session())["myopic"].summary.mean == 1.0


def test_the_myopic_policy_breaks_ties_at_random(task, session, corridor):
    table = corridor(reward=np.array([0.0, 0.0, 10.0, 0.0]))

    assert BASELINES["myopic"].run(task(table), session())["myopic"].summary.mean == pytest.approx(5.0)


def test_the_declared_idle_action_is_measured(task, session):
    assert not BASELINES["idle"].applies_to(task())
    idle = task(idle_action=1)

    assert BASELINES["idle"].applies_to(idle)
    assert BASELINES["idle"].run(idle, session())["idle"].summary.mean == 0.0


def test_named_rules_are_measured_under_their_names(task, session):
    rules = {"greedy": np.array([0, 0]), "patient": np.array([1, 0])}
    outcomes = BASELINES["named"].run(task(named=rules), session())

    assert {name: outcome.summary.mean for name, outcome in outcomes.items()} == {"greedy": 1.0, "patient": 10.0}


@pytest.mark.slow
def test_q_learning_finds_the_patient_policy_and_its_exact_return(task, session):
    made = session()
    outcome = BASELINES["q_learning"].run(task(), made)["q_learning"]

    assert outcome.samples == (10.0, 10.0, 10.0)
    assert {event.seed for event in made.sent} == {0, 1, 2}
    assert all(curve.steps == tuple(sorted(curve.steps)) for curve in outcome.curves)


def test_what_the_owner_wants_is_measured_beside_the_return(task, session):
    wanted = task(objective_reward=np.array([7.0, 0.0, 3.0, 0.0]))

    assert BASELINES["q_learning"].run(wanted, session())["q_learning"].objective == 3.0
    assert BASELINES["constant"].run(wanted, session())["constant"].objective == 7.0


def test_q_learning_by_stepping_finds_the_way(task, session):
    stepping = Task(
        name="walk",
        discount=0.9,
        evaluation_discount=1.0,
        horizon=20,
        make_env=Walk,
        observation_kind="finite",
        action_kind="discrete",
        objective=Objective(info="left"),
    )
    outcome = BASELINES["q_learning"].run(stepping, session(learning_steps=4000))["q_learning"]

    assert outcome.summary.mean == 1.0
    assert outcome.objective == 0.0


def test_a_sampled_constant_is_chosen_and_reported_on_different_seeds(session):
    class Lottery(Walk):
        """What an action returns depends on the seed only: choosing must not look better than it is."""

        def reset(self, *, seed=None, options=None):
            super().reset(seed=seed)
            self.prize = self.np_random.normal(size=2)
            return 0, {}

        def step(self, action):
            return 0, float(self.prize[action]), True, False, {}

    lottery = Task(
        name="lottery", discount=0.9, evaluation_discount=1.0, horizon=1, make_env=Lottery, action_kind="discrete"
    )
    outcome = BASELINES["constant"].run(lottery, session())["constant"]

    assert abs(outcome.summary.mean) < 4 / math.sqrt(outcome.summary.n)
    assert outcome.tried.returns.size == 2 * 8


def test_a_rollout_counts_what_happened():
    episodes = rollout(Walk(), lambda place: 1, range(3), objective=Objective(info="left"))

    assert episodes.returns.tolist() == [1.0, 1.0, 1.0]
    assert episodes.lengths.tolist() == [4, 4, 4]
    assert episodes.terminated.all()
    assert (episodes.reward_low, episodes.reward_high, episodes.n_nonzero, episodes.n_steps) == (0.0, 1.0, 3, 12)
    assert episodes.objective.tolist() == [0.0, 0.0, 0.0]


def test_a_rollout_discounts_and_marks_truncation():
    episodes = rollout(Walk(), lambda place: 1, [0], discount=0.5)
    cut = rollout(Walk(), lambda place: 0, [0], objective=Objective(info="left", at="end"))

    assert episodes.returns.tolist() == [0.5**3]
    assert not cut.terminated.any()
    assert cut.objective.tolist() == [1.0]


def test_an_interval_is_students():
    summary = interval_summary([1.0, 2.0, 3.0], "three")

    # t(0.975, 2) = 4.302652729911275, standard error 1/sqrt(3)
    assert summary.mean == 2.0
    assert summary.high - summary.mean == pytest.approx(4.302652729911275 / math.sqrt(3), rel=1e-9)
    assert summary.n == 3


def test_an_interval_says_how_it_was_made():
    assert interval_summary([1.0, 2.0, 3.0], "three").policy == "three; 95 % Student interval over 3 seeds"
    assert "over 4 episodes" in interval_summary([1.0] * 4, "four", of="episodes").policy


def test_a_learner_with_another_discount_than_the_spec_says_why(task, session, monkeypatch):
    monkeypatch.setattr("scoper.baselines.q_learning._learning_discount", lambda task, context, steps: 0.95)
    other = BASELINES["q_learning"].run(task(discount=0.99), session(learning_steps=1280))["q_learning"]
    same = BASELINES["q_learning"].run(task(discount=0.95), session(learning_steps=1280))["q_learning"]

    assert "discount 0.95 (the spec's is 0.99; in short trials this one earned more" in other.summary.policy
    assert "the spec's" not in same.summary.policy


@pytest.mark.parametrize(("wanted", "planned"), [(40_000, 40_192), (40_192, 40_192), (1, 256)])
def test_the_plan_of_a_deep_learner_is_whole_rollouts(session, wanted, planned):
    pole = Task(name="pole", discount=0.99, evaluation_discount=1.0, horizon=500, environment_id="CartPole-v1")
    settings = settings_for("ppo", pole, session(learning_steps=wanted), 1e4)  # 8 environments, 32 timesteps each

    assert planned_steps("ppo", settings) == planned


@pytest.mark.parametrize(("effort", "steps"), [(0.4, 40_000), (1.0, 100_000), (5.0, 500_000)])
def test_deep_learners_get_timesteps_by_effort(session, effort, steps):
    pole = Task(name="pole", discount=0.99, evaluation_discount=1.0, horizon=500, environment_id="CartPole-v1")
    long = session(budget_s=1800.0, learning_steps=None)
    long.effort = effort

    assert settings_for("ppo", pole, long, 20_000.0).steps == steps
    assert settings_for("ppo", pole, session(learning_steps=77), 20_000.0).steps == 77


@pytest.mark.parametrize(
    ("steps", "n_steps"),  # published: 5,000,000 timesteps, 32 environments, 2,048 timesteps to a rollout, 76 updates
    [(100_000, 64), (500_000, 256), (2_000_000, 1024), (4_000_000, 2048), (5_000_000, 2048)],
)
def test_a_schedule_made_for_more_timesteps_keeps_its_number_of_updates(session, steps, n_steps):
    walker = Task("walker", 0.99, 1.0, 1600, environment_id="BipedalWalker-v3", action_kind="continuous")
    settings = settings_for("ppo", walker, session(learning_steps=steps), 1e4)

    assert settings.arguments["n_steps"] == n_steps
    assert ("instead of 2,048 timesteps to a rollout" in settings.why) is (n_steps < 2048)


def test_what_a_budget_does_not_buy_is_taken_from_the_later_seeds_and_then_from_the_timesteps(session):
    # 0.4 of 300 s over 1.5 for the lower rungs is 80 s; a timestep takes 1.5 of a 256th of a second and 1/1000 s more
    pole = Task("pole", 0.99, 1.0, 500, pace=256.0, environment_id="CartPole-v1")
    bought = 80.0 / (1.5 / 256 + 1 / 1000)
    given = session(learning_steps=None)
    given.most_seeds = 6

    few = ration(1000, 1000.0, pole, given)
    some = ration(3000, 1000.0, pole, given)
    most = ration(100_000, 1000.0, pole, given)

    assert (few.steps, few.most_seeds, few.capped) == (1000, None, False)
    assert (some.steps, some.most_seeds, some.capped) == (3000, 3, True)
    assert (most.steps, most.most_seeds, most.capped) == (int(bought / 3), 3, True)


@pytest.mark.parametrize(("apart", "sooner"), [(None, 1.0), (object(), 1.5)])
def test_a_long_budget_reckons_with_the_finer_class_of_speed_and_with_seeds_that_share_two_cores(
    session, apart, sooner
):
    # 0.4 of 1,800 s over 1.5 is 480 s; 1.5 timesteps of an 8,192nd of a second and a 15,000th more, by three seeds
    walker = Task("walker", 0.99, 1.0, 1600, fine_pace=8192.0, apart=apart)
    given = session(learning_steps=None, budget="long", budget_s=1800.0)
    own = ration(10_000_000, 15_000.0, walker, given)

    assert own.steps == int(480.0 * sooner / (1.5 / 8192 + 1 / 15_000) / 3)
    assert (own.most_seeds, own.capped) == (3, True)


@pytest.mark.parametrize(("budget_s", "asked"), [(300.0, (12, 8000)), (1800.0, (60, 40_000))])
def test_floors_are_measured_five_times_as_long_in_long_budgets(session, budget_s, asked):
    given = session(budget="standard" if budget_s == 300.0 else "long", budget_s=budget_s)
    enough = enough_episodes(Task("x", 0.99, 1.0, 100), given, 12, 8000)

    assert enough(*asked)
    assert not enough(asked[0] - 1, asked[1])
    assert not enough(asked[0], asked[1] - 1)


def test_an_unknown_environment_is_learned_with_the_discount_of_its_spec(session):
    unknown = Task(name="mine", discount=0.93, evaluation_discount=1.0, horizon=500)
    settings = settings_for("ppo", unknown, session(), 1e4)

    assert settings.arguments["gamma"] == 0.93
    assert not settings.published
