"""The learner against exact optima; its bookkeeping against evaluation and repetition."""

import numpy as np
import pytest

from scoper.numerics.evaluate import evaluate
from scoper.numerics.qlearning import q_learning, suggested_steps
from scoper.numerics.solve import backward_induction, policy_iteration, start_value


def test_the_same_seeds_learn_the_same_and_seeds_do_not_depend_on_each_other(toy_mdp):
    mdp = toy_mdp("FrozenLake-v1")

    def learn(seeds):
        return q_learning(mdp, steps=20_000, seeds=seeds, discount=0.99, horizon=100, n_evaluations=3)

    both, alone = learn([4, 9]), learn([9])
    assert (both.q == learn([4, 9]).q).all()
    assert (both.q[1] == alone.q[0]).all()
    assert (both.returns[1] == alone.returns[0]).all()


def test_the_learning_curve_is_the_true_return_of_the_greedy_policy(toy_mdp):
    mdp, seen = toy_mdp("FrozenLake-v1"), []
    run = q_learning(
        mdp,
        steps=50 * 128,
        seeds=[0, 1],
        discount=0.99,
        horizon=100,
        n_evaluations=5,
        on_evaluation=lambda *point: seen.append(point),
    )

    assert run.steps.tolist() == [1280 * k for k in (1, 2, 3, 4, 5)]
    assert seen == [(s, int(run.steps[e]), run.returns[s, e]) for e in range(5) for s in range(2)]
    last = [start_value(mdp, evaluate(mdp, policy, discount=1.0, horizon=100)) for policy in run.policy]
    assert run.returns[:, -1].tolist() == last


@pytest.mark.slow
def test_truncation_bootstraps_and_termination_does_not(mdp_of):
    discount = 0.9
    going_on = mdp_of([[[(1.0, 0, 1.0, False)]]], discount=discount)
    ending = mdp_of([[[(1.0, 0, 1.0, True)]]], discount=discount)

    def learned(mdp):
        return q_learning(mdp, steps=400_000, seeds=[0], discount=discount, horizon=3).q[0, 0, 0]

    assert learned(going_on) == pytest.approx(1 / (1 - discount), rel=0.01)
    assert learned(ending) == 1.0


def test_actions_that_are_not_available_are_never_taken(mdp_of):
    table = [[[], [(1.0, 1, 0.0, False)]], [[(1.0, 0, 1.0, False)], []]]
    run = q_learning(mdp_of(table, discount=0.9), steps=5_000, seeds=[0, 1], discount=0.9, horizon=10)

    assert (run.policy == [1, 0]).all()
    assert np.isneginf(run.q[:, 0, 0]).all()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("env_id", "kwargs", "horizon", "tolerance"),
    [
        ("FrozenLake-v1", {}, 100, 0.02),
        ("FrozenLake-v1", {"map_name": "8x8"}, 100, 0.04),
        ("Taxi-v4", {}, 200, 0.02),
        ("CliffWalking-v1", {}, 200, 0.02),
    ],
)
def test_every_seed_comes_close_to_the_optimum_under_the_time_limit(toy_mdp, env_id, kwargs, horizon, tolerance):
    mdp = toy_mdp(env_id, **kwargs)
    run = q_learning(mdp, steps=suggested_steps(mdp), seeds=range(3), discount=0.99, horizon=horizon)

    optimum = start_value(mdp, backward_induction(mdp, horizon, discount=1.0).value[0])
    assert run.returns[:, -1].mean() >= optimum - tolerance * abs(optimum), run.returns[:, -1]
    assert (run.returns[:, -1] >= optimum - 2 * tolerance * abs(optimum)).all(), run.returns[:, -1]
    assert (run.returns <= optimum + 1e-9).all()


@pytest.mark.slow
def test_without_a_time_limit_the_curve_is_discounted(toy_mdp):
    mdp = toy_mdp("CliffWalking-v1")
    run = q_learning(mdp, steps=200_000, seeds=[0], discount=0.9, horizon=None)

    assert run.returns[0, -1] == pytest.approx(start_value(mdp, policy_iteration(mdp, discount=0.9).value), rel=1e-6)
