# Case: @TITLE@
"""Every option keeps its floor, and the logged chance is the one that was drawn with. Run: pytest test_choose.py"""

import csv
import math
import random

import choose
import pytest


@pytest.mark.parametrize("situation", choose.TABLE)
def test_chances_add_up_and_none_is_below_the_floor(situation):
    chances = choose.propensities(situation)
    assert math.isclose(sum(chances.values()), 1)
    assert min(chances.values()) >= choose.EXPLORE / len(chances) - 1e-12


@pytest.mark.parametrize("situation", choose.TABLE)
def test_options_come_as_often_as_is_logged(situation):
    generator, n = random.Random(1), 4000
    drawn = [choose.choose(situation, generator) for _ in range(n)]
    for option, chance in choose.propensities(situation).items():
        share = sum(each == (option, chance) for each in drawn) / n
        assert abs(share - chance) < 5 * math.sqrt(chance * (1 - chance) / n)


def test_every_choice_is_logged_under_an_id_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(choose, "LOG", tmp_path / "log.csv")
    situation = next(iter(choose.TABLE))
    for _ in range(3):
        choose.main(situation)
    with choose.LOG.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["decision_id"] for row in rows}) == 3
    for row in rows:
        assert choose.propensities(situation)[row["action"]] == float(row["propensity"])
