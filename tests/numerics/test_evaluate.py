"""Values of given policies: formulas, the fundamental matrix, and simulation."""

import numpy as np
import pytest

from scoper.numerics.evaluate import evaluate
from scoper.numerics.simulate import simulator_of
from scoper.numerics.solve import backward_induction, policy_iteration, start_value


def test_a_loop_that_pays_one_is_worth_the_geometric_sum(mdp_of):
    mdp = mdp_of([[[(1.0, 0, 1.0, False)]]], discount=0.9)

    assert evaluate(mdp, np.array([0]))[0] == pytest.approx(1 / (1 - 0.9), rel=1e-12)
    assert evaluate(mdp, np.array([0]), horizon=7)[0] == pytest.approx((1 - 0.9**7) / (1 - 0.9), rel=1e-12)


def test_random_policy_on_frozen_lake_earns_the_published_return(toy_mdp):
    mdp = toy_mdp("FrozenLake-v1", map_name="8x8")
    uniform = np.full((mdp.n_states, 4), 0.25)

    assert start_value(mdp, evaluate(mdp, uniform, discount=1.0, horizon=100)) == pytest.approx(0.00174, abs=1e-5)


def test_undiscounted_value_is_that_of_the_fundamental_matrix(toy_mdp):
    mdp = toy_mdp("CliffWalking-v1")
    uniform = np.full((mdp.n_states, 4), 0.25)
    moves, pays = np.zeros((48, 48)), np.zeros(48)
    for t, pair in enumerate(mdp.pair_of_transition):
        pays[pair // 4] += 0.25 * mdp.probability[t] * mdp.reward[t]
        if not mdp.terminates[t]:
            moves[pair // 4, mdp.successor[t]] += 0.25 * mdp.probability[t]

    expected = np.linalg.inv(np.eye(48) - moves) @ pays
    assert np.allclose(evaluate(mdp, uniform, discount=1.0), expected, rtol=1e-9)


@pytest.mark.parametrize("discount", [1.0, 0.999])
def test_a_long_horizon_is_worth_what_its_timesteps_add_up_to(toy_mdp, discount):
    mdp = toy_mdp("CliffWalking-v1")
    uniform, value = np.full((mdp.n_states, 4), 0.25), np.zeros(mdp.n_states)
    goes_on = np.where(mdp.terminates, 0.0, discount)
    for _ in range(3001):
        worth = mdp.probability * (mdp.reward + goes_on * value[mdp.successor])
        value = 0.25 * np.bincount(mdp.pair_of_transition // 4, weights=worth, minlength=mdp.n_states)

    assert np.allclose(evaluate(mdp, uniform, discount=discount, horizon=3001), value, rtol=1e-10)


def test_a_policy_per_timestep_earns_what_backward_induction_promises(toy_mdp):
    mdp = toy_mdp("FrozenLake-v1", map_name="8x8")
    solution = backward_induction(mdp, 100, discount=1.0)

    assert np.abs(evaluate(mdp, solution.policy, discount=1.0) - solution.value[0]).max() <= solution.error_bound


@pytest.mark.slow
def test_certain_probabilities_and_actions_are_worth_the_same(toy_mdp):
    mdp = toy_mdp("Taxi-v4")
    policy = policy_iteration(mdp).policy

    assert np.allclose(evaluate(mdp, np.eye(6)[policy]), evaluate(mdp, policy), atol=1e-9)


def test_another_reward_changes_only_what_is_paid(mdp_of):
    mdp = mdp_of([[[(0.5, 0, 1.0, False), (0.5, 0, 2.0, True)]]], discount=1.0)

    steps = evaluate(mdp, np.array([0]), reward=np.ones(2))
    assert steps[0] == pytest.approx(2.0, rel=1e-12)  # geometric with one half


def test_losing_earning_and_swinging_without_end_are_told_apart(mdp_of):
    moves = [
        [(1.0, 0, -1.0, False)],
        [(1.0, 1, 2.0, False)],
        [(0.5, 0, 0.0, False), (0.5, 2, 0.0, True)],
        [(0.5, 0, 0.0, False), (0.5, 1, 0.0, False)],
        [(1.0, 4, 0.0, False)],
        [(1.0, 5, 3.0, True)],
    ]
    value = evaluate(mdp_of([[m] for m in moves], discount=1.0), np.zeros(6, dtype=np.int64))

    assert value[:3].tolist() == [-np.inf, np.inf, -np.inf]
    assert np.isnan(value[3])
    assert value[4:].tolist() == [0.0, 3.0]


@pytest.mark.parametrize(
    "bad", [np.array([7]), np.array([-1]), np.array([1]), np.array([[0.5, 0.4]]), np.zeros(3, int)]
)
def test_what_is_no_policy_is_refused(mdp_of, bad):
    mdp = mdp_of([[[(1.0, 0, 1.0, False)], []]], discount=0.9)

    with pytest.raises(ValueError, match=r"polic|probabilities"):
        evaluate(mdp, bad)


def test_simulated_transitions_occur_as_often_as_the_arrays_say(mdp_of):
    mdp = mdp_of(
        [[[(0.2, 0, 0.0, False), (0.0, 1, 9.0, True), (0.8, 1, 1.0, False)]], [[(1.0, 0, 5.0, True)]]], discount=0.9
    )
    simulator, draws = simulator_of(mdp), 200_000
    taken = simulator.step(np.zeros(draws, dtype=np.int64), np.random.default_rng(0).random(draws))

    share = (simulator.successor[taken] == 1).mean()
    assert abs(share - 0.8) < 5 * np.sqrt(0.16 / draws)
    assert not simulator.terminates[taken].any()


@pytest.mark.parametrize("uniform", [0.0, np.nextafter(1.0, 0.0)])
def test_the_ends_of_the_unit_interval_stay_within_the_pair(toy_mdp, uniform):
    mdp = toy_mdp("FrozenLake-v1", map_name="8x8")
    simulator = simulator_of(mdp)
    pairs = np.arange(mdp.n_states * 4)
    taken = simulator.step(pairs, np.full(pairs.size, uniform))

    assert ((simulator.offsets[pairs] <= taken) & (taken < simulator.offsets[pairs + 1])).all()
