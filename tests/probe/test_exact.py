"""The exact solution of a task on a table that is worked out by hand."""

import numpy as np
import pytest

from scoper.baselines import Task
from scoper.domain.tabular import TabularMdp
from scoper.probe.exact import solve
from scoper.probe.result import shown_policy


@pytest.fixture
def task_of():
    """Start in 0: leave for 1, or walk to 1, where leaving pays 10 and staying nothing."""

    def make(*, horizon=None, discount=0.9, evaluation_discount=None, objective=None):
        table = TabularMdp(
            n_states=2,
            n_actions=2,
            offsets=np.arange(5),
            successor=np.array([0, 1, 0, 1]),
            probability=np.ones(4),
            reward=np.array([1.0, 0.0, 10.0, 0.0]),
            terminates=np.array([True, False, True, False]),
            initial=np.array([1.0, 0.0]),
            available=np.ones((2, 2), dtype=bool),
            discount=discount,
            horizon=horizon,
        )
        counted = discount if evaluation_discount is None else evaluation_discount
        wanted = None if objective is None else np.array(objective)
        return Task("corridor", discount, counted, horizon, table=table, objective_reward=wanted)

    return make


@pytest.fixture
def needs_the_clock():
    """One state, two timesteps: waiting pays 1, leaving 3 and ends it; best is to wait once, then to leave."""
    table = TabularMdp(
        n_states=1,
        n_actions=2,
        offsets=np.arange(3),
        successor=np.zeros(2, dtype=np.int64),
        probability=np.ones(2),
        reward=np.array([1.0, 3.0]),
        terminates=np.array([False, True]),
        initial=np.ones(1),
        available=np.ones((1, 2), dtype=bool),
        discount=0.9,
        horizon=2,
        state_labels=("s",),
        action_labels=("wait", "leave"),
    )
    return Task("clock", 0.9, 1.0, 2, table=table)


@pytest.mark.parametrize(
    ("horizon", "discount", "best"), [(1, 0.9, 1.0), (2, 0.9, 9.0), (2, 0.05, 1.0), (None, 0.9, 9.0), (50, 1.0, 10.0)]
)
def test_the_optimum_depends_on_horizon_and_discount_as_by_hand(task_of, horizon, discount, best):
    solution = solve(task_of(horizon=horizon, discount=discount), is_environment=False)

    assert solution.optimal == pytest.approx(best, rel=1e-12)
    assert solution.worst == 0.0
    assert all(summary.converged and summary.error_bound < 1e-9 for summary in solution.solutions)


def test_without_a_horizon_two_methods_agree(task_of):
    solution = solve(task_of(), is_environment=False)

    assert [s.method.split(",")[0] for s in solution.solutions] == ["value iteration", "policy iteration"]
    assert solution.solutions[0].value == pytest.approx(solution.solutions[1].value, abs=1e-8)


def test_an_environment_also_gets_its_optima_without_time_limit(task_of):
    solution = solve(task_of(horizon=1, evaluation_discount=1.0), is_environment=True)

    assert {name: round(summary.mean, 9) for name, summary in solution.returns.items()} == {
        "optimal": 1.0,
        "optimal_discounted": 9.0,
        "optimal_undiscounted": 10.0,
    }


def test_the_share_that_the_discount_loses_is_measured_from_the_random_policy(task_of):
    # discount 0.05: leaving at once is optimal and earns 1; random earns 1/2 + 1/2 * (10/2 + 0) = 3 within 2 timesteps
    solution = solve(task_of(horizon=2, discount=0.05, evaluation_discount=1.0), is_environment=True)

    assert solution.discounted_loss == pytest.approx((10.0 - 1.0) / (10.0 - 3.0), rel=1e-12)


def test_the_policy_shown_is_the_one_that_earns_the_optimum_under_the_time_limit(task_of):
    # a discount of 0.05 leaves at once for 1; within two timesteps walking on earns 10
    solution = solve(task_of(horizon=2, discount=0.05, evaluation_discount=1.0), is_environment=True)

    assert solution.optimal == 10.0
    assert (solution.shown.tolist(), solution.timed) == ([1, 0], False)


def test_a_policy_that_needs_the_timestep_is_shown_at_timestep_0_and_says_so(needs_the_clock):
    solution = solve(needs_the_clock, is_environment=False)
    rows = shown_policy(needs_the_clock.table, solution.shown, timed=solution.timed)

    assert solution.timed
    assert rows == (("at timestep 0: s", "wait"),)


def test_a_policy_that_needs_no_timestep_is_shown_without_one(task_of):
    solution = solve(task_of(discount=0.9), is_environment=False)

    assert shown_policy(task_of().table, solution.shown, timed=solution.timed) == (("0", "1"), ("1", "0"))


def test_what_the_owner_gets_and_could_get_is_exact(task_of):
    solution = solve(task_of(horizon=2, discount=1.0, objective=[5.0, 0.0, 2.0, 0.0]), is_environment=False)

    assert solution.objective_of_best == 2.0
    assert solution.best_objective == 5.0
