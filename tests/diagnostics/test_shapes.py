"""Without an objective a suspicious shape is a caution with its kind, never a blocker, and clean worlds have none."""

from dataclasses import replace

import pytest

from scoper.diagnostics import Evidence
from tests.diagnostics import planted
from tests.diagnostics.test_kinds import PLANTED, found

SHAPES = {
    "suicide_optimal": planted.errand(),
    "positive_cycle": planted.buoys(),
    "scale_domination": planted.trips(-20.0),
    "double_counting": planted.heating(-8.0),
    "metric_tampering": planted.cover(),
    "ratio_gaming": planted.queue(),
    "simulator_exploit": planted.ring(),
    "shaping_changes_optimum": planted.corridor(),
}


@pytest.mark.parametrize("kind", SHAPES)
def test_a_shape_is_a_caution_that_names_the_kind(kind: str) -> None:
    assert found(kind, planted.blind(SHAPES[kind])) == [("caution", kind)]


@pytest.mark.parametrize("kind", PLANTED)
def test_nothing_is_a_blocker_while_nobody_says_what_is_wanted(kind: str) -> None:
    for evidence in PLANTED[kind]:
        unsaid = planted.blind(evidence)

        assert all(severity != "blocker" for name in PLANTED for severity, _ in found(name, unsaid))


CLEAN = {
    "sign": planted.distance(-1.0),
    "term": planted.press(),
    "errand": planted.errand(10.0),
    "trips": planted.trips(),
    "heat": planted.heating(),
    "risk": planted.speed(),
    "cover": planted.cover(blinds=False),
    "queue": planted.queue(ratio=False),
    "ring": planted.ring(wraps=False),
    "potential": planted.corridor(potential=True),
}


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_world_has_no_such_shape(name: str) -> None:
    assert [each for kind in PLANTED for each in found(kind, planted.blind(CLEAN[name]))] == []


def test_a_charge_that_pays_is_named_by_its_name_alone() -> None:
    laws = {(0, 0): [(1.0, 0, {"sales": 1.0}, 0.0, False)], (0, 1): [(1.0, 0, {"storage_cost": 3.0}, 0.0, False)]}

    assert found("sign_flip", planted.world(laws, told=False)) == [("caution", "sign_flip")]


def test_shapes_are_not_looked_for_where_the_objective_agrees() -> None:
    patrol = planted.buoys(rounds=True)

    assert found("positive_cycle", patrol) == []
    assert found("positive_cycle", planted.blind(patrol)) == [("caution", "positive_cycle")]


def test_idling_that_is_as_good_as_what_was_planned_is_a_caution(summary_of) -> None:
    known = {"random": summary_of(-9.0, 0.1), "idle": summary_of(0.0, 0.2), "planned": summary_of(0.1, 0.2)}
    evidence = Evidence(returns=known, planners=("planned",))

    assert found("do_nothing_optimal", evidence) == [("caution", "do_nothing_optimal")]
    better = replace(evidence, returns=known | {"planned": summary_of(5.0, 0.2)})
    assert found("do_nothing_optimal", better) == []
