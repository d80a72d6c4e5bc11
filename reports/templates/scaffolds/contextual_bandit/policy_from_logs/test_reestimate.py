# Case: @TITLE@
"""Known logs give known values, and every record has a propensity. Run: pytest test_reestimate.py"""

from pathlib import Path

import pytest
import reestimate

ROWS = reestimate.read(Path(__file__).resolve().parent / "decisions.csv")


def test_every_propensity_is_a_chance_above_zero():
    assert all(0 < float(row["propensity"]) <= 1 for row in ROWS)


def test_the_policy_that_ran_has_the_mean_and_all_records():
    mean, _, effective = reestimate.estimate(ROWS)
    assert mean == pytest.approx(sum(float(row["outcome"]) for row in ROWS) / len(ROWS))
    assert effective == pytest.approx(len(ROWS))


def test_an_even_draw_gives_the_mean_of_the_option():
    rows = [
        {"action": a, "propensity": "0.5", "outcome": y} for a, y in (("a", "1"), ("b", "0"), ("a", "0"), ("b", "0"))
    ]
    assert reestimate.estimate(rows, "a")[0] == 0.5
    assert reestimate.estimate(rows, "a")[2] == 2


def test_for_each_situation_the_better_option_is_learned_and_estimated_by_its_own_records():
    rows = [
        {"place": place, "action": a, "propensity": "0.5", "outcome": "1" if (place == "shop") == (a == "a") else "0"}
        for _ in range(40)
        for place in ("shop", "web")
        for a in ("a", "b")
    ]
    table, _ = reestimate.learn(rows, "place")
    assert table == {"shop": "a", "web": "b"}
    assert reestimate.estimate(rows, lambda row: table[row["place"]])[0] == 1
    assert reestimate.estimate(rows)[0] == 0.5


def test_a_situation_with_few_records_gets_the_best_option_of_all():
    rows = [{"place": "shop", "action": a, "propensity": "0.5", "outcome": y} for a, y in (("a", "1"), ("b", "0"))] * 40
    rare = {"place": "web", "action": "b", "propensity": "0.5", "outcome": "1"}
    assert reestimate.learn([*rows, rare], "place")[0] == {"shop": "a", "web": "a"}


def test_an_option_that_was_never_taken_is_refused():
    with pytest.raises(ValueError, match="no record"):
        reestimate.estimate(ROWS, "never taken")
