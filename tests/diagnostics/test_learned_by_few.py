"""A policy that one seed found and that surely beats the floors counts, with the luck that it took."""

from dataclasses import replace

import numpy as np
import pytest

from scoper.diagnostics import diagnose
from scoper.diagnostics.learned_by_few import ERROR, learned_by_few
from scoper.domain.probe_statistics import DecisionSummary
from scoper.probe.verdict import decide

FLOORS = {"random": (0.05, 0.02), "constant": (0.0, 0.0), "ppo": (0.29, 1.2)}
LEARNED = tuple([0.9] * 29 + [0.0])
NOTHING = (0.0,) * 30


def with_seeds(evidence_of, *seeds, learner="ppo", returns=None, lowest=0.0):
    evidence = evidence_of(returns or FLOORS, learners=("ppo",))
    return replace(evidence, of_seeds={learner: seeds}, lowest=lowest)


def test_one_seed_of_three_that_surely_learned_it_is_told_with_the_seeds_that_luck_takes(evidence_of):
    evidence = with_seeds(evidence_of, NOTHING, NOTHING, LEARNED)
    few = learned_by_few(evidence)
    verdict, because = decide(evidence, [])
    (told,) = [finding for finding in diagnose(evidence) if finding.code == "learned_by_few"]

    assert (few.n_learned, few.n_seeds, few.n_episodes) == (1, 3, 30)
    assert few.mean == pytest.approx(0.87)
    assert few.bar < few.low < few.mean
    assert verdict == "feasible_with_conditions"
    assert "1 of 3 seeds of ppo surely learns it" in because
    assert told.severity == "caution"
    assert "about 8 seeds" in told.remedy  # the least n with (2/3)^n <= 5 %


@pytest.mark.parametrize(
    "seeds",
    [
        (NOTHING, NOTHING, NOTHING),
        (NOTHING, NOTHING, tuple([0.9] * 3 + [0.0] * 27)),  # 0.09, which a policy at the floor often returns
        (NOTHING, NOTHING, (0.9, 0.9)),  # two episodes show nothing at 1 % over all that a probe trains
    ],
)
def test_what_chance_may_have_done_stays_not_shown(evidence_of, seeds):
    evidence = with_seeds(evidence_of, *seeds)

    assert learned_by_few(evidence) is None
    assert decide(evidence, [])[0] == "not_shown"


def test_nothing_is_said_where_the_learner_itself_is_shown(evidence_of):
    shown = {**FLOORS, "ppo": (0.9, 0.01)}

    assert learned_by_few(with_seeds(evidence_of, LEARNED, LEARNED, LEARNED, returns=shown)) is None


def test_a_seed_of_any_learner_counts_and_is_named(evidence_of):
    evidence = with_seeds(evidence_of, LEARNED, LEARNED, NOTHING, learner="dqn")
    few = learned_by_few(evidence)

    assert (few.learner, few.n_learned, few.n_seeds) == ("dqn", 2, 3)
    assert "about 3 seeds" in few.remedy  # (1/3)^3 <= 5 %


def test_seeds_that_all_learned_it_but_are_too_few_for_the_learner_are_not_called_rare(evidence_of):
    few = learned_by_few(with_seeds(evidence_of, LEARNED, LEARNED, LEARNED))

    assert few.n_learned == few.n_seeds
    assert few.remedy.startswith("train more seeds")


@pytest.mark.parametrize("lowest", [-1000.0, float("-inf")])
def test_returns_that_may_be_far_worse_than_any_that_was_seen_show_nothing(evidence_of, lowest):
    assert learned_by_few(with_seeds(evidence_of, NOTHING, NOTHING, LEARNED, lowest=lowest)) is None


@pytest.mark.parametrize("odd", [(), (float("inf"), *LEARNED), (float("nan"), *LEARNED)])
def test_a_seed_whose_returns_are_no_numbers_counts_for_nothing_and_the_others_do(evidence_of, odd):
    few = learned_by_few(with_seeds(evidence_of, NOTHING, odd, LEARNED))

    assert (few.n_learned, few.n_seeds) == (1, 3)


def test_the_bound_of_the_floors_that_the_decision_knows_counts_where_it_is_higher_than_their_interval(evidence_of):
    below = {"random": (-0.5, 0.1), "ppo": (-0.3, 0.5)}
    seeds = with_seeds(evidence_of, NOTHING, NOTHING, tuple([-0.1] * 15 + [0.1] * 15), returns=below, lowest=-0.6)
    decision = DecisionSummary(
        outcome="undecided", learner="ppo", floor="random", claim="mean", law="normal", estimate=-0.3, low=None,
        high=None, bar=-0.5, bar_high=0.0, n_seeds=3, looks=(3,), steps=100, error=0.05, assumed="",
    )  # fmt: skip

    assert learned_by_few(seeds).bar == pytest.approx(-0.4)
    assert learned_by_few(replace(seeds, decisions={"ppo": decision})) is None  # surely above -0.4, not above 0


def test_returns_without_a_limit_show_nothing(evidence_of):
    assert learned_by_few(with_seeds(evidence_of, NOTHING, (float("-inf"), *LEARNED))) is None


@pytest.mark.slow
def test_policies_no_better_than_the_floor_are_called_so_at_the_stated_rate(evidence_of):
    """Every trained policy succeeds as often as the floor, one time in five: 13 seeds of two learners a probe."""
    rng, n_probes = np.random.default_rng(5), 150
    floors = {"random": (0.2, 0.0), "ppo": (0.2, 0.5)}
    wrong = 0
    for _ in range(n_probes):
        episodes = (rng.random((2, 13, 30)) < 0.2).astype(float)
        named = {name: tuple(map(tuple, seeds)) for name, seeds in zip(("ppo", "dqn"), episodes, strict=True)}
        evidence = replace(evidence_of(floors, learners=("ppo",)), of_seeds=named, lowest=0.0)
        wrong += learned_by_few(evidence) is not None

    assert wrong <= n_probes * ERROR + 3 * np.sqrt(n_probes * ERROR)
