"""The compiled loops, the numpy ones and the stepped learners follow one law: the same bytes from the same seeds."""

import subprocess
import sys

import numpy as np
import pytest

from scoper.domain.tabular import TabularMdp
from scoper.numerics.learning import kernels
from scoper.numerics.learning.learn import learn
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
from scoper.numerics.learning.rows import exp_all, log_all
from scoper.numerics.learning.state import uniforms
from scoper.numerics.learning.stepping import SteppedLearner
from scoper.numerics.learning.tables import draw_tables

EXPLORATIONS = {
    "epsilon": EpsilonGreedy(Schedule(1.0, 0.05, share=0.5)),
    "softmax": Softmax(Schedule(1.0, 0.01, shape="exponential")),
    "ucb": UpperConfidence(1.5),
}
STEP_SIZES = {
    "constant": StepSize(0.1),
    "visits": StepSize(1.0, slope=0.3, power=0.8),
    "timesteps": StepSize(0.5, slope=0.001, power=0.5, by="timesteps"),
}
WAYS = [(learner, name) for learner in LEARNERS for name in (EXPLORATIONS if learner not in POLICY_LEARNERS else [""])]


@pytest.fixture
def odd_mdp(mdp_of):
    """Seven states, some actions missing, up to 13 successors, ends and random starts."""

    def make(*, whole=False, deterministic=False):
        rng, table = np.random.default_rng(3), []
        for _ in range(7):
            row = []
            for action in range(3):
                n = 1 if deterministic else int(rng.integers(1, 14))
                share = rng.dirichlet(np.ones(n))
                moves = [(share[k], int(rng.integers(7)), float(rng.normal()), rng.random() < 0.1) for k in range(n)]
                row.append([] if action and not whole and rng.random() < 0.3 else moves)
            table.append(row)
        initial = np.eye(7)[0] if deterministic else rng.dirichlet(np.ones(7))
        return mdp_of(table, discount=0.95, initial=initial)

    return make


def plan_of(learner, exploring, step_size, bonus=0.0, **changed):
    values = {
        "learner": learner,
        "steps": 500,
        "discount": 0.95,
        "longest": 17,
        "exploration": EXPLORATIONS.get(exploring),
        "step_size": STEP_SIZES[step_size],
        "actor_step": STEP_SIZES[step_size],
        "bonus": bonus,
        "planning": 3 if learner == "dyna_q" else 0,
        "scaled": bonus > 0,
        "start_value": 0.2,
        "n_evaluations": 3,
    }
    return LearningPlan(**{**values, **changed})


@pytest.mark.slow
@pytest.mark.parametrize(("learner", "exploring"), WAYS)
@pytest.mark.parametrize(("step_size", "bonus"), [("constant", 0.3), ("visits", 0.0), ("timesteps", 0.3)])
def test_both_engines_give_the_same_bytes(odd_mdp, learner, exploring, step_size, bonus):
    plan = plan_of(learner, exploring, step_size, bonus)
    fast, plain = (learn(odd_mdp(), plan, [1, 5], engine=engine) for engine in ("compiled", "numpy"))

    assert (fast.engine, plain.engine) == ("compiled", "numpy")
    assert fast.table.tobytes() == plain.table.tobytes()
    assert fast.visits.tobytes() == plain.visits.tobytes()
    assert fast.returns.tobytes() == plain.returns.tobytes()
    assert fast.visits.sum(axis=(1, 2)).tolist() == [500, 500]


@pytest.mark.parametrize("learner", LEARNERS)
def test_a_seed_learns_the_same_alone_beside_others_and_on_threads(odd_mdp, learner):
    plan = plan_of(learner, "epsilon" if learner not in POLICY_LEARNERS else "", "visits")
    both, alone = learn(odd_mdp(), plan, [4, 9]), learn(odd_mdp(), plan, [9])
    threads = learn(odd_mdp(), plan, [4, 9], threads=2)

    assert both.table[1].tobytes() == alone.table[0].tobytes()
    assert both.table.tobytes() == threads.table.tobytes()
    assert (both.table[0] != both.table[1]).any()


def test_blocks_do_not_show_in_what_is_learned(odd_mdp):
    one = plan_of("sarsa", "softmax", "visits", n_evaluations=1)
    many = plan_of("sarsa", "softmax", "visits", n_evaluations=50)

    assert learn(odd_mdp(), one, [2]).table.tobytes() == learn(odd_mdp(), many, [2]).table.tobytes()


class Foreign:
    """The MDP as somebody else's environment, fed with the words that the compiled loop would draw."""

    def __init__(self, mdp: TabularMdp, seed: int, longest: int) -> None:
        self.tables, self.longest = draw_tables(mdp), longest
        self.key = np.random.SeedSequence(seed).generate_state(3, np.uint64)[0]
        self.state, self.age, self.taken = 0, 0, 0

    def step(self, action):
        pair = self.tables.first_pair[self.state] + action
        low, high = self.tables.offsets[pair], self.tables.offsets[pair + 1]
        u = uniforms(self.key, self.taken * kernels.WORDS + kernels.TRANSITION)[0]
        move = kernels.drawn(self.tables.cumulative, int(low), int(high), u)
        self.taken, self.age, self.state = self.taken + 1, self.age + 1, int(self.tables.successor[move])
        terminated = bool(self.tables.terminates[move])
        return self.state, float(self.tables.reward[move]), terminated, not terminated and self.age >= self.longest

    def reset(self):
        self.state = self.age = 0
        return 0


@pytest.mark.parametrize(("learner", "exploring"), WAYS)
@pytest.mark.parametrize("step_size", ["visits", "timesteps"])
def test_stepping_an_environment_learns_what_the_arrays_teach(odd_mdp, learner, exploring, step_size):
    mdp = odd_mdp(whole=True, deterministic=True)
    plan = plan_of(learner, exploring, step_size, bonus=0.2, tie_break=0.0)
    run, stepped, env = learn(mdp, plan, [7]), SteppedLearner(plan, 3, 7), Foreign(mdp, 7, plan.longest)
    stepped.begin(f"place {env.reset()}")
    for _ in range(plan.steps):
        after, reward, terminated, truncated = env.step(stepped.act())
        stepped.observe(reward, f"place {after}", terminated=terminated, truncated=truncated)
        if terminated or truncated:
            stepped.begin(f"place {env.reset()}")
    seen = [state for state in range(7) if run.visits[0, state].any()]

    assert len(seen) > 3
    for state in seen:
        assert stepped.tables[stepped.number_of(f"place {state}")] == run.table[0, state].tolist()


def test_the_polynomial_of_exp_is_within_two_units_in_the_last_place():
    x = -np.random.default_rng(0).exponential(20.0, 10_000)
    exact = np.exp(x.astype(np.longdouble))

    assert np.abs(exp_all(x) / exact - 1.0).max() <= 2 * np.finfo(float).eps
    assert [kernels.exp_of(float(value)) for value in x[:200]] == exp_all(x[:200]).tolist()
    assert exp_all(np.array([0.0, -800.0, -np.inf])).tolist() == [1.0, 0.0, 0.0]


def test_logarithms_of_counts_are_exact_to_4095_and_close_beyond():
    counts = np.array([1, 2, 4095, 4096, 10**6, 10**9])

    assert log_all(counts)[:3] == pytest.approx(np.log(counts[:3]), rel=1e-15)
    assert np.abs(log_all(counts) - np.log(counts)).max() < 0.0005
    assert [kernels.log_of(int(n)) for n in counts] == log_all(counts).tolist()


def test_the_stream_is_splitmix64():
    # first outputs of SplitMix64 seeded with 1234567 (published with its reference implementation, Vigna 2015)
    published = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431]

    assert uniforms(np.uint64(1234567), np.arange(4)).tolist() == [(word >> 11) / 2**53 for word in published]


def test_words_are_uniform_and_streams_of_neighbouring_seeds_are_not_correlated():
    keys = np.array([np.random.SeedSequence(seed).generate_state(1, np.uint64)[0] for seed in range(16)])
    words = uniforms(keys[:, None], np.arange(20_000))
    n = words.shape[1]
    expected = n / 64
    chi_squared = ((np.apply_along_axis(lambda w: np.histogram(w, 64, (0, 1))[0], 1, words) - expected) ** 2).sum(1)
    correlation = np.corrcoef(words)[np.triu_indices(16, 1)]

    assert (chi_squared / expected < 63 + 5 * np.sqrt(2 * 63)).all()  # 64 - 1 degrees of freedom, five deviations
    assert np.abs(correlation).max() < 5 / np.sqrt(n)


@pytest.mark.parametrize("n", [1, 2, 8, 9, 100])
def test_transitions_are_drawn_as_often_as_their_probability(mdp_of, n):
    share = np.random.default_rng(n).dirichlet(np.ones(n))
    mdp = mdp_of([[[(share[k], 0, float(k), False) for k in range(n)]]], discount=0.9)
    tables, points = draw_tables(mdp), (np.arange(50_000) + 0.5) / 50_000
    moves = [kernels.drawn(tables.cumulative, 0, n, u) for u in points]

    # evenly spaced points fall into an interval as often as it is long, up to one at each end
    assert np.abs(np.bincount(moves, minlength=n) - 50_000 * share).max() <= 2


def test_numba_is_loaded_by_learning_and_by_nothing_before():
    script = """
import sys
import scoper.numerics.qlearning, scoper.numerics.learning.learn, scoper.numerics.learning.stepping
print('numba' in sys.modules, 'gymnasium' in sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert run.stdout.split() == ["False", "False"]


def test_without_numba_the_same_is_learned_in_numpy(odd_mdp, monkeypatch):
    from scoper.numerics.learning import learn as module

    plan = plan_of("q_learning", "epsilon", "visits")
    with_numba = learn(odd_mdp(), plan, [3])
    monkeypatch.setattr(module, "compiled", lambda: None)
    without = learn(odd_mdp(), plan, [3])

    assert without.engine == "numpy"
    assert without.table.tobytes() == with_numba.table.tobytes()
    with pytest.raises(RuntimeError, match="numba cannot be loaded"):
        learn(odd_mdp(), plan, [3], engine="compiled")


def test_epsilon_zero_takes_no_random_action(odd_mdp):
    plan = plan_of("q_learning", "", "constant", exploration=EpsilonGreedy(constant(0.0)), start_value=-100.0)

    for engine in ("compiled", "numpy"):
        assert learn(odd_mdp(), plan, [1], engine=engine).visits.sum() == 500
