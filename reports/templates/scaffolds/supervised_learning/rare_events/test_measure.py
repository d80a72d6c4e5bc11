# Case: @TITLE@
"""The order counts within a day, and capacity is kept. Run: pytest test_measure.py"""

import measure

DAY = [{"date": "1", "size": str(size), "found": "yes" if size == 9 else "no"} for size in range(10)]


def test_the_largest_are_looked_at_first():
    assert measure.found_at(DAY, "size", 1) == (1, 1, 1)


def test_capacity_holds_for_each_day_alone():
    assert measure.found_at([*DAY, *({**row, "date": "2"} for row in DAY)], "size", 2) == (2, 2, 4)
