"""What holds of every diagnostic, and those of other groups on evidence made for them."""

from pathlib import Path

import numpy as np
import pytest

import scoper.diagnostics as room
from scoper.diagnostics import (
    Evidence,
    diagnose,
    discover,
    do_nothing_optimal,
    no_episode_end,
    observation_scale,
    proxy_true_divergence,
)


def codes(findings):
    return [finding.code for finding in findings]


@pytest.mark.parametrize("diagnostic", discover()[0], ids=lambda diagnostic: diagnostic.id)
def test_every_diagnostic_is_a_file_of_its_name_with_a_question_and_one_sentence(diagnostic):
    assert (Path(room.__file__).parent / f"{diagnostic.id}.py").is_file()
    assert diagnostic.question.endswith("?")
    assert diagnostic.summary.endswith(".")
    assert diagnostic.summary.count(". ") == 0


@pytest.mark.parametrize("diagnostic", discover()[0], ids=lambda diagnostic: diagnostic.id)
def test_no_diagnostic_finds_a_defect_in_no_evidence(diagnostic):
    assert [
        finding for finding in diagnostic.inspect(Evidence()) if finding.defect or finding.severity == "blocker"
    ] == []


def test_a_diagnostic_that_fails_leaves_its_question_open_as_a_condition(monkeypatch):
    def fails(evidence):
        raise ZeroDivisionError("by design")

    broken = room.Diagnostic(id="theirs", question="Why?", summary="Fails.", inspect=fails)
    monkeypatch.setattr(room, "discover", lambda: ((broken,), ("the diagnostic plug-in 'other' cannot be used",)))
    found = diagnose(Evidence())

    assert [(finding.code, finding.severity) for finding in found] == [
        ("not_assessed", "caution"),
        ("broken_plug_in", "info"),
    ]
    assert "theirs" in found[0].claim
    assert "Why?" in found[0].claim
    assert "by design" in found[0].evidence["error"]


class TestDoNothing:
    @pytest.mark.parametrize(("idle", "found"), [(1.0, ["do_nothing_optimal"]), (0.9, [])])
    def test_it_compares_with_the_proved_optimum(self, evidence_of, idle, found):
        evidence = evidence_of({"idle": idle, "random": 0.0}, optimal=1.0)

        assert codes(do_nothing_optimal.inspect(evidence)) == found

    def test_without_an_optimum_it_compares_with_the_best_learner(self, evidence_of):
        evidence = evidence_of({"idle": (5.0, 0.1), "ppo": (4.0, 0.2)}, learners=("ppo",))

        assert codes(do_nothing_optimal.inspect(evidence)) == ["do_nothing_optimal"]


class TestObjective:
    def test_without_an_objective_there_is_nothing_to_diverge_from(self):
        assert proxy_true_divergence.inspect(Evidence()) == []

    @pytest.mark.parametrize(("wanted", "found"), [(7.9, ["proxy_true_divergence"]), (8.1, [])])
    def test_losing_more_than_a_fifth_of_the_possible_objective_is_a_defect(self, wanted, found):
        evidence = Evidence(objective_declared=True, objective={"optimal": wanted, "random": 0.0}, best_objective=10.0)

        assert codes(proxy_true_divergence.inspect(evidence)) == found

    def test_a_learner_with_more_reward_and_less_objective_than_random_is_a_witness(self, evidence_of):
        evidence = evidence_of(
            {"random": (1.0, 0.1), "ppo": (9.0, 0.5)},
            learners=("ppo",),
            objective_declared=True,
            objective={"random": 5.0, "ppo": 2.0},
        )

        assert codes(proxy_true_divergence.inspect(evidence)) == ["proxy_true_divergence"]

    def test_a_learner_with_more_of_both_is_fine(self, evidence_of):
        evidence = evidence_of(
            {"random": (1.0, 0.1), "ppo": (9.0, 0.5)},
            learners=("ppo",),
            objective_declared=True,
            objective={"random": 2.0, "ppo": 5.0},
        )

        assert proxy_true_divergence.inspect(evidence) == []


def test_episodes_that_only_the_probe_ends_are_a_caution(episodes_of):
    endless = episodes_of(np.arange(20.0), lengths=np.full(20, 1000), terminated=False)

    assert codes(no_episode_end.inspect(Evidence(episodes={"random": endless}, limit_is_own=True))) == [
        "no_episode_end"
    ]
    assert no_episode_end.inspect(Evidence(episodes={"random": endless})) == []


def test_episodes_of_one_timestep_are_a_caution(episodes_of):
    short = episodes_of(np.arange(20.0), lengths=np.ones(20, dtype=int))

    assert codes(no_episode_end.inspect(Evidence(episodes={"random": short}))) == ["episode_of_one_step"]


@pytest.mark.parametrize(
    ("sizes", "found"),
    [([1.0, 2000.0], ["observation_scale"]), ([0.001, 2.0], ["observation_scale"]), ([0.5, 2.0], [])],
)
def test_observations_of_different_sizes_are_named(sizes, found):
    assert codes(observation_scale.inspect(Evidence(observation_magnitudes=np.array(sizes)))) == found
