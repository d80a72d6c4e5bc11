"""Rules found by search, where the best rule is known, and linear policies that must solve what linear ones solve."""

import functools
import math

import gymnasium
import numpy as np
import pytest

from scoper.baselines import Task, base_stock, linear, threshold
from scoper.baselines._choosing import halved
from scoper.baselines.base_stock import Amounts, Level, Order
from scoper.baselines.base_stock import _off_values as moved_off
from scoper.baselines.threshold import Rule, _off_values
from scoper.domain.mdp import EnvironmentSpec, Objective
from scoper.domain.probe import ProbePlan
from scoper.probe.session import Session
from scoper.probe.shelter import Pulse
from scoper.probe.watched import Watched

MEAN = 5.0


@pytest.fixture
def found():
    """The outcomes of one baseline on an environment by stepping; None where it does not apply."""

    def run(baseline, make, limit, *, budget="quick", objective=None, target=None, action_kind="discrete"):
        spec = ProbePlan(spec_text="", spec=EnvironmentSpec(name="x", id="X-v0"), budget=budget)
        task = Task(
            "x",
            0.99,
            1.0,
            limit,
            make_env=lambda: Watched(make(), Pulse(), limit),
            objective=objective,
            target=target,
            action_kind=action_kind,
        )
        if not baseline.BASELINE.applies_to(task):
            return None
        return baseline.BASELINE.run(task, Session(spec, lambda event: None, Pulse()))

    return run


class Shop(gymnasium.Env):
    """Poisson demand, unmet demand waits; holding costs 1, waiting 9 per piece and timestep, an order `fixed`."""

    def __init__(self, lead=0, fixed=0.0, goods=1):
        self.lead, self.fixed, self.goods = lead, fixed, goods
        self.observation_space = gymnasium.spaces.Box(-np.inf, np.inf, (goods + lead,), np.float64)
        self.action_space = (
            gymnasium.spaces.Discrete(21) if goods == 1 else gymnasium.spaces.MultiDiscrete([21] * goods)
        )

    def _told(self):
        return np.array([*self.stock, *self.under_way])

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.stock, self.under_way, self.time = np.full(self.goods, 5.0), [0.0] * self.lead, 0
        return self._told(), {}

    def step(self, action):
        order = np.ravel(action).astype(float)
        if self.lead:
            self.under_way.append(float(order[0]))
            order = np.array([self.under_way.pop(0)])
        self.stock = self.stock + order - self.np_random.poisson(MEAN, size=self.goods)
        cost = np.maximum(self.stock, 0).sum() + 9.0 * np.maximum(-self.stock, 0).sum()
        self.time += 1
        return self._told(), -float(cost) - self.fixed * float(np.any(action)), False, self.time == 50, {}


def critical(share, mean):
    """The smallest level that Poisson demand of that mean exceeds with probability 1 - share at most."""
    total, term, level = math.exp(-mean), math.exp(-mean), 0
    while total < share:
        level += 1
        term *= mean / level
        total += term
    return level


def target_of(outcomes):
    return float(outcomes["base_stock"].summary.policy.split("order up to ")[1].split()[0])


@pytest.mark.slow
def test_base_stock_orders_up_to_the_critical_ratio_of_demand(found):
    # Optimal for a newsvendor over time: the 9 / (9 + 1) quantile of one timestep's demand (Scarf 1960).
    assert critical(0.9, MEAN) == 8
    assert abs(target_of(found(base_stock, Shop, 50, budget="standard")) - 8) <= 1


@pytest.mark.slow
def test_with_a_lead_time_what_is_under_way_counts_as_well(found):
    # What is ordered now arrives two timesteps later: demand of three timesteps has to be covered (Poisson, mean 15).
    outcomes = found(base_stock, functools.partial(Shop, lead=2), 50, budget="standard")
    assert abs(target_of(outcomes) - critical(0.9, 3 * MEAN)) <= 2
    assert "observation[0] + observation[1] + observation[2]" in outcomes["base_stock"].summary.policy


@pytest.mark.slow
def test_a_fixed_cost_makes_for_seldom_and_large_orders(found):
    plain = found(base_stock, Shop, 50)["base_stock"].summary.policy
    dear = found(base_stock, functools.partial(Shop, fixed=40.0), 50)["base_stock"].summary.policy
    assert "or less, else nothing" in dear
    assert "or less, else nothing" not in plain


@pytest.mark.slow
def test_several_goods_have_a_level_each(found):
    words = found(base_stock, functools.partial(Shop, goods=2), 50, budget="standard", action_kind="product")
    targets = [float(part.split()[0]) for part in words["base_stock"].summary.policy.split("order up to ")[1:]]
    assert len(targets) == 2
    assert all(abs(target - 8) <= 2 for target in targets)


def test_where_no_level_responds_there_is_no_order_up_to_rule(found):
    assert found(base_stock, Door, 20) == {}
    assert found(base_stock, functools.partial(gymnasium.make, "CartPole-v1"), 500) is None


class Door(gymnasium.Env):
    """Pays 1 for action 3 while the second number is above 0.5 and for action 1 while it is not; the first is noise."""

    observation_space = gymnasium.spaces.Box(0.0, 1.0, (2,), np.float64)
    action_space = gymnasium.spaces.Discrete(5)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.told, self.time = self.np_random.random(2), 0
        return self.told, {}

    def step(self, action):
        reward = float(action == (3 if self.told[1] > 0.5 else 1))
        self.told, self.time = self.np_random.random(2), self.time + 1
        return self.told, reward, False, self.time == 20, {"odd": float(action % 2), "paid": reward}


@pytest.mark.slow
def test_a_threshold_rule_that_is_best_is_found_and_said_in_words(found):
    outcome = found(threshold, Door, 20, budget="standard")["threshold"]
    assert outcome.summary.mean >= 19.0  # at most 20, at random 4, always one action 10
    assert "action 3 while observation[1] is above 0." in outcome.summary.policy
    assert "else action 1" in outcome.summary.policy


class Shelf(gymnasium.Env):
    """A tenth is told of what is on a shelf of eleven places, in four bytes; filling pays below three pieces."""

    observation_space = gymnasium.spaces.Box(0.0, 1.0, (1,), np.float32)
    action_space = gymnasium.spaces.Discrete(2)

    def _told(self):
        return np.array([self.stock / 10], np.float32)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.stock, self.time = int(self.np_random.integers(11)), 0
        return self._told(), {}

    def step(self, action):
        reward = float(action == (self.stock < 3))
        self.stock, self.time = int(self.np_random.integers(11)), self.time + 1
        return self._told(), reward, False, self.time == 20, {}


def test_a_rule_that_was_found_means_the_same_to_whoever_rounds_otherwise(found):
    words = found(threshold, Shelf, 20)["threshold"].summary
    assert words.mean == 20.0  # every timestep right
    assert words.policy.startswith("action 0 while observation is above 0.25, else action 1")


def test_a_threshold_is_moved_off_what_was_seen_later():
    seen = np.array([0.0, 0.2, 0.3, 0.4], np.float32).astype(np.float64)[:, None]
    assert _off_values(Rule(0, 0.3, 0, Rule(0, 0.1, 0, 1)), seen) == Rule(
        0, 0.25, 0, Rule(0, 0.1, 0, 1)
    )  # 0.3 is above 0.3


def test_a_point_of_an_order_lies_between_levels_and_is_told_in_full():
    level = Level((0,), 0.1, np.array([0.0]), 0.1, whole=False)
    seen = (np.arange(11) / 10).astype(np.float32).astype(np.float64)[:, None]
    order = moved_off(Order(level, 1000.15, point=0.3), seen)
    assert order.point == 0.25
    words = order.words(("a",), orders=True)
    assert words == "order up to 1,000.15 once a is 0.25 or less, else nothing (amount = (1,000.15 − a) / 0.1)"


@pytest.mark.parametrize("point", [-3.0, 0.7, 5.0, 8.3, 12.0])
def test_a_point_on_which_nothing_stands_stays_where_it_was_found_best(point):
    level = Level((0,), 1.0, np.array([20.0]), 0.5, whole=False)
    order = Order(level, 20.0, point=point)
    assert moved_off(order, np.array([0.0, 1.5, 3.2, 7.9, 8.3])[:, None]) == order


def test_a_rule_does_what_its_words_say():
    rule = Rule(1, 0.5, Rule(0, -1.0, 2, 0), 1)
    assert [rule((0.0, 0.6)), rule((-2.0, 0.6)), rule((0.0, 0.5))] == [2, 0, 1]
    words = rule.words(("a", "b"), (0, 1, 2))
    assert words == "(action 2 while a is above −1, else action 0) while b is above 0.5, else action 1"


def test_an_order_brings_the_level_to_its_target_and_waits_for_its_point():
    level = Level((0, 1), 2.0, np.array([0.0]), 1.0, whole=False)
    assert Order(level, 10.0).amount((1.0, 3.0)) == 3.0
    assert Order(level, 10.0, point=3.0).amount((1.0, 3.0)) == 0.0
    words = Order(level, 10.0, point=3.0).words(("a", "b"), orders=True)
    assert words == "order up to 10 once a + b is 3 or less, else nothing (amount = (10 − (a + b)) / 2)"


@pytest.mark.parametrize(
    ("space", "amounts", "action"),
    [
        (gymnasium.spaces.Discrete(5, start=1), [9.7], 5),
        (gymnasium.spaces.MultiDiscrete([4, 6]), [-1.0, 2.4], [0, 2]),
        (gymnasium.spaces.Box(-1.0, 2.0, (2,), np.float32), [0.25, 7.0], [0.25, 2.0]),
    ],
)
def test_amounts_are_held_within_the_space(space, amounts, action):
    found = Amounts(space).action(amounts)
    assert np.array_equal(found, action)
    assert space.contains(found)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "limit", "least"),
    [
        ("CartPole-v1", 500, 475.0),
        pytest.param("MountainCarContinuous-v0", 999, 88.0, marks=pytest.mark.slow),
        pytest.param("MountainCar-v0", 200, -150.0, marks=pytest.mark.slow),
    ],
)
def test_linear_policies_solve_what_linear_policies_solve(found, name, limit, least):
    kind = "continuous" if "Continuous" in name else "discrete"
    outcome = found(linear, functools.partial(gymnasium.make, name), limit, target=None, action_kind=kind)["linear"]
    assert outcome.summary.mean >= least


@pytest.mark.slow
def test_a_linear_search_ends_where_the_author_calls_it_solved(found):
    make = functools.partial(gymnasium.make, "CartPole-v1")
    whole, ended = (found(linear, make, 500, target=target)["linear"] for target in (None, 100.0))
    assert ended.steps < whole.steps
    assert ended.summary.mean >= 60.0


@pytest.mark.slow
def test_the_owner_s_number_gets_a_search_of_its_own(found):
    outcomes = found(linear, Door, 20, objective=Objective(info="odd", direction="minimise"))
    assert outcomes["linear_objective"].objective < 1.0  # of 20 timesteps; at random 8
    assert outcomes["linear_objective"].objective < outcomes["linear"].objective


def test_the_best_of_many_is_chosen_by_halving_and_ties_go_to_the_first():
    class Pays(Door):
        def step(self, action):
            self.time += 1
            return self.told, float(action), False, self.time == 20, {}

    options = [0, 3, 1, 4, 4, 2, 0, 1]
    best, tried, taken = halved(Pays(), options, lambda a: lambda _: a, range(100), 400, left=2)
    assert best == [4, 4]
    assert tried.n_steps == taken
    assert taken <= 2 * 400
