# Case: @TITLE@
"""Counts are right, and every slate is logged whole. Run: pytest test_option_counts.py"""

from pathlib import Path

import option_counts

ROWS = option_counts.read(Path(__file__).resolve().parent / "slates.csv")


def test_few_options_carry_all():
    rows = [{"option": str(n % 2), "outcome": "1"} for n in range(2 * option_counts.OFTEN)]
    assert option_counts.option_counts(rows) == (2, 2, 1.0)


def test_every_place_of_a_slate_is_logged_once_with_a_chance_above_zero():
    places = {}
    for row in ROWS:
        places.setdefault(row["slate"], []).append(int(row["place"]))
        assert 0 < float(row["propensity"]) <= 1
    assert all(sorted(each) == list(range(1, len(each) + 1)) for each in places.values())


def test_no_option_stands_twice_in_a_slate():
    shown = [(row["slate"], row["option"]) for row in ROWS]
    assert len(set(shown)) == len(shown)


def test_a_place_has_the_mean_of_what_stood_there():
    rows = [{"place": place, "outcome": outcome} for place, outcome in (("2", "0"), ("1", "1"), ("2", "1"))]
    assert option_counts.by_place(rows) == {1: 1.0, 2: 0.5}
