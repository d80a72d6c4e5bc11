"""Every learner against values derived by hand or solved exactly, on MDPs small enough to list."""

import itertools

import numpy as np
import pytest

from scoper.numerics.evaluate import evaluate
from scoper.numerics.learning.learn import learn, softmax
from scoper.numerics.learning.plan import (
    LEARNERS,
    POLICY_LEARNERS,
    EpsilonGreedy,
    LearningPlan,
    Schedule,
    Softmax,
    StepSize,
    UpperConfidence,
    constant,
)
from scoper.numerics.learning.standard import standard_plan
from scoper.numerics.solve import action_values, policy_iteration, start_value

VALUE_LEARNERS = [learner for learner in LEARNERS if learner not in POLICY_LEARNERS]
GREEDY = EpsilonGreedy(constant(0.0))
AVERAGE = StepSize(1.0, slope=1.0, power=1.0)


@pytest.fixture
def corridor(mdp_of):
    """Five cells, start in the second: left of the first pays 1, right of the last pays 10, both end.

    With discount 0.8 going right is worth 10 * 0.8^3 = 5.12 at the start, going left 0.8.
    """
    table = [
        [
            [(1.0, max(cell - 1, 0), 1.0 if cell == 0 else 0.0, cell == 0)],
            [(1.0, min(cell + 1, 4), 10.0 if cell == 4 else 0.0, cell == 4)],
        ]
        for cell in range(5)
    ]
    return mdp_of(table, discount=0.8, initial=np.eye(5)[1])


def bandit(mdp_of, *rewards):
    return mdp_of([[[(1.0, 0, reward, True)] for reward in rewards]], discount=0.9)


def value_plan(learner="q_learning", **changed):
    values = {
        "learner": learner,
        "steps": 20_000,
        "discount": 0.8,
        "longest": 50,
        "exploration": EpsilonGreedy(Schedule(1.0, 0.1, share=0.5)),
        "step_size": StepSize(0.5),
        "n_evaluations": 1,
    }
    return LearningPlan(**{**values, **changed})


@pytest.mark.slow
@pytest.mark.parametrize("learner", LEARNERS)
def test_every_learner_finds_the_optimum_of_the_corridor_on_every_seed(corridor, learner):
    steps = 200_000 if learner in POLICY_LEARNERS else 40_000
    run = learn(corridor, standard_plan(learner, discount=0.8, horizon=50, steps=steps), range(8), horizon=50)

    assert run.policy[:, 1:].tolist() == [[1] * 4] * 8
    assert run.returns[:, -1] == pytest.approx([10.0] * 8, rel=0.01)


@pytest.mark.parametrize("learner", ["q_learning", "dyna_q"])
def test_off_policy_values_are_the_optimal_ones_where_nothing_is_random(corridor, learner):
    run = learn(corridor, value_plan(learner, exploration=EpsilonGreedy(constant(1.0))), [0, 1])
    optimal = action_values(corridor, policy_iteration(corridor).value)

    assert optimal[1].tolist() == pytest.approx([0.8**2 * 5.12, 5.12])  # from cell 1: a detour of two, or straight
    assert run.table == pytest.approx(np.broadcast_to(optimal, run.table.shape), abs=1e-9)


@pytest.mark.parametrize("learner", ["sarsa", "expected_sarsa"])
def test_on_policy_values_are_those_of_the_policy_that_explores(corridor, learner):
    plan = value_plan(
        learner, steps=400_000, exploration=EpsilonGreedy(constant(0.3)), step_size=StepSize(1.0, 0.05, 0.8)
    )
    run = learn(corridor, plan, range(4))
    explores = np.full((5, 2), 0.15)
    explores[:, 1] = 0.85
    truth = action_values(corridor, evaluate(corridor, explores))

    assert run.policy[:, 1:].tolist() == [[1] * 4] * 4
    assert run.table[:, 1:].mean(axis=0) == pytest.approx(truth[1:], abs=0.1)


def test_expected_sarsa_without_exploration_is_q_learning(toy_mdp):
    mdp = toy_mdp("FrozenLake-v1")
    changed = {"exploration": GREEDY, "start_value": 1.0, "discount": 0.95, "bonus": 0.1}
    expected, q = (learn(mdp, value_plan(name, **changed), [1, 2]) for name in ("expected_sarsa", "q_learning"))

    assert expected.table.tobytes() == q.table.tobytes()
    assert len(np.unique(q.table)) > 20


def test_dyna_q_without_planning_is_q_learning_and_with_it_learns_from_less(toy_mdp):
    mdp = toy_mdp("CliffWalking-v1")
    plain = learn(mdp, value_plan(steps=2_000), [3])
    idle, planning = (learn(mdp, value_plan("dyna_q", steps=2_000, planning=n), [3]) for n in (0, 30))

    assert idle.table.tobytes() == plain.table.tobytes()
    assert planning.returns[0, -1] == pytest.approx(policy_iteration(mdp, discount=0.8).value[36], rel=1e-9)
    assert plain.returns[0, -1] < planning.returns[0, -1]


def test_the_model_of_dyna_q_keeps_the_frequencies_of_chance(mdp_of):
    mdp = mdp_of([[[(0.5, 0, 0.0, True), (0.3, 0, 1.0, True), (0.2, 0, 2.0, True)]]], discount=0.9)
    run = learn(mdp, value_plan("dyna_q", planning=2, step_size=StepSize(0.001), steps=30_000), range(8))

    # mean 0.7, variance 0.61; a constant step size a leaves about a / 2 of it for each of three updates per timestep
    assert run.table.mean() == pytest.approx(0.7, abs=5 * np.sqrt(0.61 * 3 * 0.001 / 2 / 8))


@pytest.mark.slow
def test_cliff_walking_q_learning_takes_the_edge_and_sarsa_a_safe_path(toy_mdp):
    """Sutton and Barto (2018), example 6.6: epsilon 0.1, no discount; 13 timesteps along the edge.

    SARSA's fixed point is the best of all policies that explore with 0.1: found here exactly, it keeps one row away
    from the cliff (15 timesteps). The row farthest away, as in the book's figure, is where step sizes of 0.5 end up.
    """
    mdp = toy_mdp("CliffWalking-v1")
    common = {
        "steps": 1_000_000,
        "discount": 1.0,
        "longest": 10_000,
        "exploration": EpsilonGreedy(constant(0.1)),
        "step_size": StepSize(1.0, slope=0.1, power=0.8),
        "judged": "behaviour",
    }
    runs = {
        learner: learn(mdp, value_plan(learner, **common), range(4), horizon=2_000)
        for learner in ("q_learning", "sarsa", "expected_sarsa")
    }
    paths = {name: [path_of(mdp, policy) for policy in run.policy] for name, run in runs.items()}
    best_exploring = best_soft_policy(mdp, 0.1)

    assert {len(path) for path in paths["q_learning"]} == {13}
    assert all(24 <= state < 36 for path in paths["q_learning"] for state in path[1:])  # the row above the cliff
    assert best_exploring == pytest.approx(-20.7, abs=0.1)
    for learner, tolerance in (("sarsa", 1.5), ("expected_sarsa", 0.1)):  # SARSA's targets are draws
        assert all(state < 24 for path in paths[learner] for state in path[2:-1])
        assert runs[learner].returns[:, -1] == pytest.approx([best_exploring] * 4, abs=tolerance)
        assert (runs[learner].returns[:, -1] > runs["q_learning"].returns[:, -1] + 10).all()


def path_of(mdp, policy):
    state, path = int(mdp.initial.argmax()), []
    while len(path) < 100:
        path.append(state)
        move = mdp.offsets[state * mdp.n_actions + policy[state]]
        if mdp.terminates[move]:
            return path
        state = int(mdp.successor[move])
    return path


def best_soft_policy(mdp, epsilon):
    """The start value of the best policy that takes any action with probability `epsilon`, by successive backups."""
    value, change = np.zeros(mdp.n_states), 1.0
    while change > 1e-10:
        values = action_values(mdp, value, discount=1.0)
        backed_up = (1.0 - epsilon) * values.max(axis=1) + epsilon * values.mean(axis=1)
        value, change = backed_up, np.abs(backed_up - value).max()
    return start_value(mdp, value)


@pytest.mark.parametrize("learner", VALUE_LEARNERS)
def test_truncation_bootstraps_and_termination_does_not(mdp_of, learner):
    for terminates, worth in ((False, 1 / (1 - 0.8)), (True, 1.0)):
        mdp = mdp_of([[[(1.0, 0, 1.0, terminates)]]], discount=0.8)
        run = learn(mdp, value_plan(learner, longest=3), [0], horizon=3)

        assert run.table[0, 0, 0] == pytest.approx(worth, abs=1e-6)


@pytest.mark.parametrize("learner", POLICY_LEARNERS)
def test_a_truncated_episode_counts_what_the_critic_expects_of_its_last_state(mdp_of, learner):
    """Staying pays 1 for ever (5 with discount 0.8), leaving 4 at once; what one episode of 2 timesteps pays is 1.8."""
    mdp = mdp_of([[[(1.0, 0, 1.0, False)], [(1.0, 0, 4.0, True)]]], discount=0.8)
    plan = LearningPlan(learner, 100_000, 0.8, 2, actor_step=StepSize(0.05), n_evaluations=1)
    run = learn(mdp, plan, range(4))

    assert (run.probabilities[:, 0, 0] > 0.9).all()


def test_upper_confidence_tries_every_action_before_any_twice(mdp_of):
    mdp = bandit(mdp_of, 0.0, 1.0, 0.5, 0.2, 0.9)
    plan = value_plan(exploration=UpperConfidence(1.0), step_size=AVERAGE)
    first = learn(mdp, value_plan(exploration=UpperConfidence(1.0), step_size=AVERAGE, steps=5), [0])
    run = learn(mdp, plan, [0])
    rest = run.visits[0, 0]

    assert first.visits[0, 0].tolist() == [1.0] * 5
    assert run.policy[0, 0] == 1
    # deterministic rewards: an action with gap d is tried until d is the difference of two widths, n ~ 2 ln(N) / d^2
    assert rest[0] < 1 + np.log(20_000) < rest[4] < rest[1]


def test_an_optimistic_start_tries_everything_without_any_exploration(mdp_of):
    mdp = bandit(mdp_of, *np.linspace(0.0, 1.0, 10))
    hopeful, doubtful = (
        learn(mdp, value_plan(exploration=GREEDY, start_value=start, tie_break=0.0), [0]) for start in (2.0, 0.0)
    )

    assert hopeful.policy[0, 0] == 9
    assert (hopeful.visits[0, 0] > 0).all()
    assert doubtful.visits[0, 0].tolist() == [20_000.0] + [0.0] * 9


def test_the_intrinsic_bonus_explores_and_is_never_reported(mdp_of):
    """Staying pays 0.1; seven steps to the right lead to 10. Epsilon alone gets there once in 0.05^-7 = 10^9 tries."""
    table = [
        [[(1.0, max(cell - 1, 0), 0.1 * (cell == 0), False)], [(1.0, cell + 1, 10.0 * (cell == 6), cell == 6)]]
        for cell in range(7)
    ] + [[[(1.0, 7, 0.0, True)]] * 2]
    mdp = mdp_of(table, discount=0.95)
    explore = EpsilonGreedy(constant(0.1))
    curious, plain = (
        learn(
            mdp,
            value_plan(exploration=explore, discount=0.95, bonus=bonus, tie_break=0.0, n_evaluations=10),
            range(4),
            horizon=50,
        )
        for bonus in (1.0, 0.0)
    )

    assert plain.returns[:, -1] == pytest.approx([5.0] * 4)  # 50 timesteps of 0.1
    assert curious.returns[:, -1] == pytest.approx([10.0] * 4)
    assert curious.returns.max() <= 10.0  # no policy earns more without what is paid for curiosity


def test_softmax_takes_actions_in_proportion_to_their_exponentials(mdp_of):
    mdp = bandit(mdp_of, 0.0, 1.0, 2.0)
    plan = value_plan(exploration=Softmax(constant(0.5)), step_size=StepSize(1.0), steps=200_000)
    share = learn(mdp, plan, [0]).visits[0, 0] / 200_000
    expected = np.exp([0.0, 2.0, 4.0]) / np.exp([0.0, 2.0, 4.0]).sum()

    assert np.abs(share - expected).max() < 5 * np.sqrt(0.25 / 200_000)


@pytest.mark.parametrize(("epsilon", "share"), [(1.0, 1 / 4), (0.4, 0.1)])
def test_epsilon_greedy_takes_any_action_with_the_probability_it_says(mdp_of, epsilon, share):
    mdp = bandit(mdp_of, 0.0, 0.0, 0.0, 1.0)
    plan = value_plan(exploration=EpsilonGreedy(constant(epsilon)), start_value=2.0, steps=100_000)
    visits = learn(mdp, plan, [0]).visits[0, 0]

    assert visits[:3] / 100_000 == pytest.approx(share, abs=5 * np.sqrt(share / 100_000))


def test_sample_averages_are_exact_means(mdp_of):
    mdp = mdp_of([[[(0.5, 0, 0.0, True), (0.5, 0, 1.0, True)]]], discount=0.9)
    run = learn(mdp, value_plan(step_size=AVERAGE, steps=1_000), [0])

    assert round(run.table[0, 0, 0] * 1_000, 6) % 1 == 0.0
    assert run.table[0, 0, 0] == pytest.approx(0.5, abs=5 * 0.5 / np.sqrt(1_000))


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["compiled", "numpy"])
def test_the_gradient_of_reinforce_is_unbiased(mdp_of, engine):
    """Two timesteps, two actions each, chance: the mean of one episode's step is the step size times the gradient.

    The gradient of the start value is derived by differences of the exact value, with and without a baseline.
    """
    discount, steps = 0.7, 2
    table = [
        [[(1.0, 1, 1.0, False)], [(0.6, 1, 0.0, False), (0.4, 2, 3.0, False)]],
        [[(1.0, 0, 2.0, True)], [(0.5, 0, 0.0, True), (0.5, 0, 5.0, True)]],
        [[(1.0, 0, -1.0, True)], [(1.0, 0, 4.0, True)]],
    ]
    mdp = mdp_of(table, discount=discount)
    gradient = np.zeros((3, 2))
    for state, action in itertools.product(range(3), range(2)):
        moved = np.zeros((2, 1, 3, 2))
        moved[:, 0, state, action] = 1e-5, -1e-5
        up, down = (start_value(mdp, evaluate(mdp, softmax(theta, 1.0)[0])) for theta in moved)
        gradient[state, action] = (up - down) / 2e-5
    for baseline in (False, True):
        plan = LearningPlan(
            "reinforce",
            steps,
            discount,
            10,
            actor_step=StepSize(1.0),
            start_value=2.5,
            baseline=baseline,
            n_evaluations=1,
        )
        table = learn(mdp, plan, range(3_000), engine=engine).table
        error = table.std(axis=0) / np.sqrt(3_000)

        assert (np.abs(table.mean(axis=0) - gradient) <= 5 * error + 1e-8).all()
        assert np.abs(gradient).max() > 5 * error.max()


def test_one_step_of_the_actor_critic_is_the_one_in_the_book(mdp_of):
    """Sutton and Barto (2018), section 13.5, worked by hand: one action leads on with reward 2, critic 1 everywhere."""
    mdp = mdp_of([[[(1.0, 1, 2.0, False)]] * 2, [[(1.0, 0, 0.0, True)]] * 2], discount=0.5)
    plan = LearningPlan(
        "actor_critic", 2, 0.5, 10, step_size=StepSize(0.5), actor_step=StepSize(0.1), start_value=1.0, n_evaluations=1
    )
    run = learn(mdp, plan, [0])
    taken = run.visits[0].argmax(axis=1)

    first, second = 2 + 0.5 * 1 - 1, 0 + 0 - 1  # what was paid and is still expected, less what was expected
    assert run.table[0, 0, taken[0]] == pytest.approx(0.1 * first * (1 - 0.5))
    assert run.table[0, 1, taken[1]] == pytest.approx(0.1 * 0.5 * second * (1 - 0.5))
    assert run.table[0].sum(axis=1) == pytest.approx([0.0, 0.0], abs=1e-15)


def test_a_policy_learners_curve_is_the_value_of_its_softmax(toy_mdp):
    mdp = toy_mdp("FrozenLake-v1")
    run = learn(mdp, standard_plan("actor_critic", discount=0.99, horizon=100, steps=5_000), [0], horizon=100)

    exact = start_value(mdp, evaluate(mdp, run.probabilities[0], discount=1.0, horizon=100))
    assert run.returns[0, -1] == exact
    assert run.policies()[0].tolist() == run.probabilities[0].tolist()
