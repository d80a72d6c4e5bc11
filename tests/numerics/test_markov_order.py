"""What a sufficient observation is not accused of, and what a hidden thing is called.

Rates over more systems and seeds: tests/benchmarks/markov_rates.py.
"""

import numpy as np
import pytest

from scoper.domain.empirical import Steps
from scoper.numerics.markov_order import markov_order
from scoper.numerics.past import pasts_of
from scoper.numerics.predicting import FOLDS, folds_of, gain, residuals


def run(step, start, n=1_000, length=50, n_actions=3, seed=0):
    """Random actions in `step(hidden, action, t, rng) -> (hidden, reward, ended)`; hidden[0] is what is seen."""
    rng, rows, episode = np.random.default_rng(seed), [], -1
    while len(rows) < n:
        hidden, episode = start(rng), episode + 1
        for t in range(length):
            action = int(rng.integers(n_actions))
            after, reward, ended = step(hidden, action, t, rng)
            rows.append((np.atleast_1d(hidden[0]), np.atleast_1d(after[0]), action, reward, ended, t, episode))
            hidden = after
            if ended:
                break
    before, after, action, reward, ended, t, episodes = (np.array(column) for column in zip(*rows, strict=True))
    floats = [np.asarray(x, dtype=float) for x in (before, after)]
    return Steps(*floats, action, reward.astype(float), np.zeros(len(rows)), ended.astype(bool),
                 (t == length - 1) & ~ended.astype(bool), t, episodes, (), ())  # fmt: skip


def judged(*args, names=(), **kwargs):
    return markov_order(run(*args, **kwargs), np.random.default_rng(1), names=names)


def spring(seen):
    def show(x, v):
        return (x, v) if seen else (x,)

    def step(h, a, t, rng):
        v = 0.95 * h[2] - 0.2 * h[1] + (a - 1) * 0.15 + rng.normal() * 0.02
        x = h[1] + 0.3 * v
        return (show(x, v), x, v), -x * x, False

    def start(rng):
        x, v = rng.normal(size=2)
        return show(x, v), x, v

    return step, start


def chain(rng_seed=7, size=8):
    """A finite MDP with drawn laws and rewards."""
    rng = np.random.default_rng(rng_seed)
    law, pay = rng.dirichlet(np.full(size, 0.3), size=(size, 3)), rng.normal(size=(size, 3))

    def step(h, a, t, rng):
        return (int(rng.choice(size, p=law[h[0], a])),), pay[h[0], a], rng.random() < 0.02

    return step, lambda rng: (int(rng.integers(size)),)


def walk():
    def step(h, a, t, rng):
        x = h[0] + (a - 1) * 0.3 + rng.normal() * 0.2
        return (x,), -abs(x), abs(x) > 2.0

    return step, lambda rng: (0.0,)


@pytest.mark.slow
@pytest.mark.parametrize("system", [spring(True), chain(), walk()], ids=["spring", "chain", "walk"])
def test_a_sufficient_observation_is_accused_of_nothing(system):
    for seed in range(2):
        found = judged(*system, seed=seed)

        assert found.is_markov, found
        assert found.frames is None


@pytest.mark.slow
def test_a_hidden_velocity_is_missed_and_two_frames_hold_it():
    found = judged(*spring(False), names=("place",))

    assert (found.found[0].outcome, found.found[0].kind, found.found[0].name) == ("next place", "observation", "place")
    assert (found.found[0].lag, found.frames) == (1, 2)
    assert found.found[0].gain > 0.8
    assert found.errors[1] < 0.2 * found.errors[0]


def test_a_cue_that_is_shown_at_the_start_alone_is_named_as_such():
    """The reward of the third step is 1 or -1: as the action agrees with the cue or not."""

    def step(h, a, t, rng):
        return ((-1, t + 1), h[1]), (1.0 if a == h[1] else -1.0) if t == 2 else 0.0, t == 2

    def start(rng):
        cue = int(rng.integers(2))
        return (cue, 0), cue

    found = judged(step, start, n_actions=2, names=("cue", "time"))

    assert [(d.outcome, d.name) for d in found.found] == [("reward", "cue")]
    assert found.found[0].gain > 0.9


def test_a_cue_of_long_ago_is_told_from_a_short_memory():
    """Six steps lie between: no frame of four reaches back."""

    def step(h, a, t, rng):
        return ((-1, t + 1), h[1]), (1.0 if a == h[1] else -1.0) if t == 6 else 0.0, t == 6

    def start(rng):
        cue = int(rng.integers(2))
        return (cue, 0), cue

    found = judged(step, start, n=3_000, n_actions=2, names=("cue", "time"))

    assert [(d.outcome, d.kind, d.name) for d in found.found] == [("reward", "first", "cue")]
    assert found.frames is None


@pytest.mark.slow
def test_a_hidden_hour_is_named_by_its_period():
    def step(h, a, t, rng):
        price = 1.0 + np.sin(2 * np.pi * t / 24)
        return (float(np.clip(h[0] + a - 1, 0, 5)),), (a - 1) * price + 0.05 * rng.normal(), False

    found = judged(step, lambda rng: (2.0,), n=2_500, length=96)

    assert [(d.outcome, d.kind, d.lag) for d in found.found] == [("reward", "period", 24)]


def test_an_end_at_a_fixed_timestep_is_named_by_the_timestep():
    def step(h, a, t, rng):
        return (0.9 * h[0] + (a - 1) * 0.3 + rng.normal() * 0.1,), 0.0, t == 9

    found = judged(step, lambda rng: (0.0,))

    assert [(d.outcome, d.kind) for d in found.found] == [("end of the episode", "timestep")]


@pytest.mark.slow
def test_an_action_that_acts_a_step_later_is_named():
    def step(h, a, t, rng):
        x = float(np.clip(h[0] + (h[1] - 1) * 0.3 + rng.normal() * 0.1, -3, 3))
        return (x, a), 0.0, False

    found = judged(step, lambda rng: (0.0, 1))

    assert [(d.kind, d.lag) for d in found.found] == [("action", 1)]
    assert found.frames == 2


def test_few_steps_find_nothing():
    assert judged(*spring(False), n=50).n_rows < 100
    assert judged(*spring(False), n=50).is_markov


def test_clues_look_back_within_the_episode_only():
    steps = run(*chain(), n=200, length=5)

    for past in pasts_of(steps, ("place",)):
        if past.kind == "reward":
            rows = np.flatnonzero(past.known)
            assert (steps.timestep[rows] >= 1).all()
            assert (past.values[rows, 0] == steps.reward[rows - 1]).all()
            assert (steps.episode[rows] == steps.episode[rows - 1]).all()
        if past.kind == "first":
            rows = np.flatnonzero(past.known)
            assert (steps.timestep[rows - steps.timestep[rows]] == 0).all()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("law", "left"),
    [
        (lambda x: 2.0 * x[:, 0] - x[:, 1], 0.01),
        (lambda x: x[:, 0] * x[:, 1], 0.01),
        (lambda x: np.sin(2.0 * x[:, 0]), 0.01),
        (lambda x: (x[:, 0] > 0.3).astype(float), 0.15),
    ],
    ids=["linear", "product", "wave", "threshold"],
)
def test_knowable_outcomes_are_guessed_out_of_sample(law, left):
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(1_500, 2))

    found = residuals(inputs, law(inputs)[:, None], rng.integers(FOLDS, size=1_500), rng)

    assert found.unexplained[0] < left


@pytest.mark.slow
def test_noise_is_left_as_it_is_and_cells_give_its_mean():
    rng = np.random.default_rng(1)
    inputs, noise = rng.integers(4, size=(2_000, 1)).astype(float), rng.normal(size=2_000)

    found = residuals(inputs, (np.array([5.0, -3.0, 8.0, 0.0])[inputs[:, 0].astype(int)] + noise)[:, None],
                      rng.integers(FOLDS, size=2_000), rng)  # fmt: skip

    assert found.method == ("cells",)
    assert found.values[:, 0] == pytest.approx(noise, abs=0.3)
    assert gain(found.values[:, 0], rng.normal(size=(2_000, 5)), rng.integers(FOLDS, size=2_000)) < 0.01


def test_folds_keep_episodes_whole():
    episode = np.repeat(np.arange(30), 7)
    fold = folds_of(episode, np.random.default_rng(0))

    assert all(np.unique(fold[episode == e]).size == 1 for e in range(30))
    assert set(fold) == set(range(FOLDS))
