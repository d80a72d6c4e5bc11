# Case: @TITLE@
"""No setting leaves its range, and held-out seeds are held out. Run: pytest test_search.py"""

from pathlib import Path

import search

RANGES, PRESENT = search.settings(search.read(Path(__file__).resolve().parent / "ranges.csv"))


def test_every_setting_stays_in_its_range():
    _, at_random, local = search.search(RANGES, 20)
    for each in (PRESENT, at_random, local):
        assert all(low <= each[name] <= high for name, (low, high) in RANGES.items())


def test_a_search_gives_the_same_twice():
    assert search.search(RANGES, 10) == search.search(RANGES, 10)


def test_searching_uses_no_seed_of_the_judgement(monkeypatch):
    used = set()
    monkeypatch.setattr(search, "cost", lambda setting, seed: used.add(seed) or 0.0)
    search.search(RANGES, 200)
    assert used.isdisjoint(search.HELD_OUT)
