"""Disturbances of a table and of an environment: what is done, what is left, what is left out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from scoper.baselines import Task
from scoper.baselines._numbered import Numbered
from scoper.baselines._vectors import Reader
from scoper.domain.mdp import Distribution, EnvironmentSpec, MdpSpec, Table, Variable
from scoper.domain.robustness import RobustnessRow
from scoper.domain.tabular import TabularMdp
from scoper.modelling.grid import grid_of
from scoper.probe.robustness_arrays import Arrays, neighbours
from scoper.probe.robustness_parameters import varied_kwargs, varied_law, varied_specs
from scoper.probe.robustness_stepping import Disturbance, Disturbed

H = 10


def alternating() -> TabularMdp:
    """Two states that take turns; the action with the state's number pays 1."""
    return TabularMdp(
        n_states=2,
        n_actions=2,
        offsets=np.arange(5),
        successor=np.array([1, 1, 0, 0]),
        probability=np.ones(4),
        reward=np.array([1.0, 0.0, 0.0, 1.0]),
        terminates=np.zeros(4, dtype=bool),
        initial=np.array([1.0, 0.0]),
        available=np.ones((2, 2), dtype=bool),
        discount=1.0,
        horizon=H,
    )


def arrays(work: float = 1e9, horizon: int | None = H) -> Arrays:
    task = Task(name="t", discount=1.0, evaluation_discount=1.0, horizon=horizon, table=alternating())
    return Arrays(task, alternating(), np.array([0, 1]), 0.5 * H, float(H), work, None)


def row_of(rows: list[RobustnessRow], challenge: str, level: str) -> RobustnessRow:
    (found,) = (row for row in rows if (row.challenge, row.level) == (challenge, level))
    return found


def test_random_actions_cost_half_their_share_of_the_return_and_all_of_it_of_the_way() -> None:
    row = row_of(list(arrays().rows()), "action_failure", "mild")

    assert row.mean == pytest.approx(H * (1 - 0.05 / 2))
    assert row.share == pytest.approx(0.95)
    assert (row.low, row.high, row.basis) == (row.share, row.share, "proved")


def test_a_delay_of_one_makes_every_action_wrong_where_states_take_turns() -> None:
    rows = list(arrays().rows())

    assert row_of(rows, "action_delay", "moderate").mean == pytest.approx(0.5)
    assert row_of(rows, "observation_delay", "moderate").mean == pytest.approx(1.0)


def test_a_table_without_parameters_loses_timesteps_instead() -> None:
    row = row_of(list(arrays().rows()), "dynamics", "mild")

    assert row.mean == pytest.approx(0.9 * H)


def test_what_is_too_dear_is_left_out_and_named() -> None:
    few = arrays(work=50.0)
    rows = list(few.rows())

    assert {row.challenge for row in rows} < {row.challenge for row in arrays().rows()}
    assert any("more numbers than this budget reads" in words for words in few.left_out)


def test_without_limit_and_discount_nothing_is_computed_and_that_is_said() -> None:
    endless = arrays(horizon=None)

    assert list(endless.rows()) == []
    assert "without time limit" in endless.left_out[0]


def test_neighbours_are_one_value_lower_and_higher_and_words_have_none() -> None:
    three = grid_of({"n": Variable(kind="integer", low=0, high=2)}, {})
    words = grid_of({"w": Variable(kind="categorical", values=("a", "b"))}, {"a": 0.0, "b": 1.0})
    seen = neighbours(three)

    assert seen is not None
    assert seen.tolist() == [[0, 1], [0, 2], [1, 2]]
    assert neighbours(words) is None


def test_only_what_moves_the_state_is_varied_and_whole_numbers_stay_whole() -> None:
    spec = MdpSpec(
        name="s",
        discount=0.9,
        state={"n": Variable(kind="integer", low=0, high=40)},
        actions={"a": Variable(kind="integer", low=0, high=1)},
        exogenous={"demand": Distribution(kind="poisson", parameters={"mean": 4.0})},
        next={"n": "min(n + batch * a, 40) - min(n, demand) + slip"},
        reward={"sold": "price * min(n, demand)"},
        tables={"batch": Table(values=(20.0,)), "price": Table(values=(3.5,)), "slip": Table(values=(0.0,))},
    )
    found = {name: changed for name, changed in varied_specs(spec, 1.1)}

    assert set(found) == {"batch", "demand (mean)"}
    assert found["batch"].tables["batch"].values == (22.0,)
    assert found["demand (mean)"].exogenous["demand"].parameters["mean"] == pytest.approx(4.4)


def test_a_listed_law_moves_a_tenth_of_every_value_to_its_neighbour() -> None:
    law = Distribution(kind="values", parameters={"values": (2.0, 0.0, 1.0), "probabilities": (0.5, 0.2, 0.3)})
    ((_, up),) = varied_law(law, 1.1)
    ((_, down),) = varied_law(law, 0.9)

    assert up.parameters["probabilities"] == pytest.approx((0.53, 0.18, 0.29))
    assert down.parameters["probabilities"] == pytest.approx((0.45, 0.23, 0.32))


def test_chances_never_pass_one_and_numbers_without_a_fraction_are_no_physics() -> None:
    sure = Distribution(kind="binomial", parameters={"n": 3, "p": 1.0})
    spec = EnvironmentSpec(name="e", id="E-v0", kwargs={"g": 10.0, "size": 5, "flag": True, "name": "x"})

    assert list(varied_law(sure, 1.1)) == []
    assert [(name, changed.kwargs["g"]) for name, changed in varied_kwargs(spec, 0.9)] == [("g", 9.0)]


class Counting:
    """Observes the timestep; remembers the actions that reached it; every timestep pays 1."""

    def __init__(self) -> None:
        self.time, self.taken = 0, list[int]()

    def reset(self, *, seed: int) -> tuple[float, dict[str, Any]]:
        self.time, self.taken = 0, []
        return 0.0, {}

    def step(self, action: int) -> tuple[float, float, bool, bool, dict[str, Any]]:
        self.time += 1
        self.taken.append(action)
        return float(self.time), 1.0, False, False, {}


class Seen:
    """What a disturbance asks of a model: coding, rows and scale."""

    def __init__(self, coding: str) -> None:
        self.coding, self.rows, self.scale = coding, np.array([[100.0]]), np.array([2.0])


def disturbed(
    challenge: Any, amount: float, *, coding: str = "bins", idle: int | None = 0
) -> tuple[Disturbed, Counting]:
    inner, task = Counting(), Task(name="t", discount=1.0, evaluation_discount=1.0, horizon=H)
    numbered = Numbered(inner, task, Reader(lambda value: (value,), ("time",)), list(range(5)))
    what = Disturbance(challenge, "as told", "mild", amount)
    model: Any = Seen(coding)
    return Disturbed(numbered, what, model, np.random.default_rng(0), idle, H), inner


def test_late_actions_arrive_in_order_after_the_idle_one() -> None:
    env, inner = disturbed("action_delay", 2)
    env.reset(seed=1)
    for action in (1, 2, 3, 4):
        env.step(action)

    assert inner.taken == [0, 0, 1, 2]


def test_late_observations_show_the_first_one_until_another_arrives() -> None:
    env, _ = disturbed("observation_delay", 2)
    seen = [env.reset(seed=1)[0], *(env.step(1)[0] for _ in range(4))]

    assert seen == [(0.0,), (0.0,), (0.0,), (1.0,), (2.0,)]


def test_an_action_that_always_sticks_is_the_first_one_for_ever() -> None:
    env, inner = disturbed("stuck_action", 1.0)
    env.reset(seed=1)
    for action in (3, 1, 2):
        env.step(action)

    assert inner.taken == [3, 3, 3]


def test_a_reading_wanders_off_by_its_share_of_the_time_limit() -> None:
    env, _ = disturbed("drift", 0.5)
    env.reset(seed=1)
    off = [abs(env.step(1)[0][0] - time) for time in range(1, H + 1)]

    assert off == pytest.approx([0.5 * 2.0 * time / H for time in range(1, H + 1)])


def test_where_observations_are_told_apart_one_by_one_a_misread_one_is_another_that_was_seen() -> None:
    env, _ = disturbed("observation_noise", 1.0, coding="values")
    env.reset(seed=1)

    assert env.step(1)[0] == (100.0,)


def test_the_same_seed_gives_the_same_noise() -> None:
    runs = []
    for _ in range(2):
        env, _ = disturbed("observation_noise", 0.5)
        env.reset(seed=5)
        runs.append([env.step(1)[0] for _ in range(6)])

    assert runs[0] == runs[1]
    assert runs[0] != [(float(time),) for time in range(1, 7)]


def test_a_timestep_followed_by_another_pays_both() -> None:
    env, inner = disturbed("dynamics", 1.0)
    env.reset(seed=1)

    assert env.step(2)[:2] == ((2.0,), 2.0)
    assert inner.taken == [2, 2]
