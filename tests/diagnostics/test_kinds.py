"""Each kind of reward defect is named in a world that has it, and nothing is said of the same world without it."""

from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest

from scoper.diagnostics import Evidence, diagnose
from scoper.diagnostics._pair import pair_of
from scoper.probe.verdict import REWARD_DEFECTS
from tests.diagnostics import planted

PLANTED = {
    "sign_flip": (planted.distance(1.0), planted.distance(-1.0)),
    "suicide_optimal": (planted.errand(), planted.errand(10.0)),
    "positive_cycle": (planted.buoys(), planted.buoys(0.01)),
    "do_nothing_optimal": (planted.trips(-5.0, idle=0), planted.trips(-0.1, idle=0)),
    "scale_domination": (planted.trips(-20.0), planted.trips(-0.1)),
    "double_counting": (planted.heating(-8.0), planted.heating()),
    "risk_mispriced": (planted.speed(-0.1), planted.speed(-20.0)),
    "side_effect": (planted.river(), planted.river(10.0)),
    "metric_tampering": (planted.cover(), planted.cover(blinds=False)),
    "clipped_reward": (planted.stove(1.0), planted.stove()),
    "ratio_gaming": (planted.queue(), planted.queue(ratio=False)),
    "simulator_exploit": (planted.ring(), planted.ring(wraps=False)),
    "shaping_changes_optimum": (planted.corridor(), planted.corridor(potential=True)),
    "proxy_true_divergence": (planted.river(), planted.river(10.0)),
}


def found(kind: str, evidence: Evidence) -> list[tuple[str, str | None]]:
    module = import_module(f"scoper.diagnostics.{kind}")
    return [(finding.severity, finding.defect) for finding in module.DIAGNOSTIC.inspect(evidence)]


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_defect_is_a_blocker_with_its_kind(kind: str) -> None:
    assert found(kind, PLANTED[kind][0]) == [("blocker", kind)]


@pytest.mark.parametrize("kind", PLANTED)
def test_the_twin_without_the_defect_is_left_alone_by_all_of_them(kind: str) -> None:
    twin = PLANTED[kind][1]

    assert not twin.audit.diverges
    assert [each for name in PLANTED for each in found(name, twin)] == []


WIDER = ("do_nothing_optimal", "proxy_true_divergence", "shaping_changes_optimum", "simulator_exploit")
"""Kinds that come with a narrower one here: a dear term, a loop."""
FITTING = ("clipped_reward", "side_effect")
"""Kinds that are never said to be the cause: what shows them fits other defects as well."""
MECHANISMS = [kind for kind in PLANTED if kind not in (*WIDER, *FITTING)]


@pytest.mark.parametrize("kind", MECHANISMS)
def test_the_mechanism_is_named_before_the_harm_it_does(kind: str) -> None:
    named = [f.defect for f in diagnose(PLANTED[kind][0]) if f.severity == "blocker" and f.defect in REWARD_DEFECTS]

    assert named[0] == kind
    assert named[-1] == "proxy_true_divergence"


@pytest.mark.parametrize("kind", FITTING)
def test_what_only_fits_is_named_after_the_divergence(kind: str) -> None:
    named = [f.defect for f in diagnose(PLANTED[kind][0]) if f.severity == "blocker" and f.defect in REWARD_DEFECTS]

    assert named.index("proxy_true_divergence") < named.index(kind)


@pytest.mark.parametrize("kind", PLANTED)
def test_a_finding_says_what_both_policies_come_to_and_what_to_do(kind: str) -> None:
    finding = import_module(f"scoper.diagnostics.{kind}").DIAGNOSTIC.inspect(PLANTED[kind][0])[0]

    assert finding.remedy
    assert finding.evidence["most_reward"]["reward"] >= finding.evidence["wished"]["reward"]
    assert finding.evidence["most_reward"]["objective"] < finding.evidence["wished"]["objective"]
    assert finding.evidence["basis"] == "proved"


@pytest.mark.parametrize("kind", PLANTED)
def test_every_kind_counts_as_a_defect_of_the_reward_and_has_a_method(kind: str) -> None:
    diagnostic = import_module(f"scoper.diagnostics.{kind}").DIAGNOSTIC

    assert kind in REWARD_DEFECTS
    assert kind in diagnostic.catches
    assert diagnostic.method is not None


def test_a_term_with_the_wrong_sign_is_named_with_what_the_owner_weighs_it() -> None:
    """A repair pays 4 and costs the owner 1: its weight should be minus a quarter."""
    finding = import_module("scoper.diagnostics.sign_flip").DIAGNOSTIC.inspect(planted.press(4.0))[0]

    assert finding.evidence["term"] == "mending"
    assert finding.evidence["factor"] == pytest.approx(-0.25)


def test_an_underpriced_risk_is_named_with_its_price() -> None:
    """The reward takes 0.1, the owner loses 20."""
    finding = import_module("scoper.diagnostics.risk_mispriced").DIAGNOSTIC.inspect(planted.speed(-0.1))[0]

    assert finding.evidence["factor"] == pytest.approx(200.0)


def test_going_round_that_the_owner_wants_is_no_defect() -> None:
    patrol = planted.buoys(rounds=True)

    assert not patrol.audit.diverges
    assert [each for kind in PLANTED for each in found(kind, patrol)] == []


def test_rest_that_the_owner_wants_is_no_defect() -> None:
    dear = planted.trips(-5.0, idle=0)
    content = replace(dear, objective_reward=dear.table.reward.copy())

    assert [each for kind in PLANTED for each in found(kind, content)] == []


def test_a_choice_that_the_reward_leaves_open_and_the_owner_does_not_is_a_divergence() -> None:
    """Two ways pay 1, one of them takes 3 from the owner, a third pays nothing."""
    laws = {
        (0, a): [(1.0, 1 + a, {"pay": pay}, wanted, True)] for a, (pay, wanted) in enumerate(((1, 1), (1, -3), (0, 0)))
    }
    evidence = planted.world(laws, horizon=5)

    assert not evidence.audit.diverges
    assert found("proxy_true_divergence", evidence) == [("blocker", "proxy_true_divergence")]


@pytest.mark.parametrize(("noise", "expected"), [(0.5, ["proxy_true_divergence"]), (500.0, [])])
def test_measured_policies_must_differ_by_more_than_their_noise(episodes_of, noise: float, expected: list[str]) -> None:
    rng = np.random.default_rng(0)
    policies = {"random": (0.0, 0.0), "linear": (50.0, 1.0), "constant": (20.0, 9.0)}
    episodes = {
        name: episodes_of(pay + noise * rng.normal(size=40), objective=wanted + 0.1 * rng.normal(size=40))
        for name, (pay, wanted) in policies.items()
    }
    evidence = Evidence(episodes=episodes, objective_declared=True)

    assert [kind for _, kind in found("proxy_true_divergence", evidence)] == expected
    assert (pair_of(evidence.audit) is not None) == bool(expected)
