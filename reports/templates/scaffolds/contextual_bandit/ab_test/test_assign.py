# Case: @TITLE@
"""Shares are kept, persons stay where they are, and tests do not depend on each other. Run: pytest test_assign.py"""

import math

import assign

PEOPLE = [f"person-{n}" for n in range(4000)]


def test_the_shares_add_up_and_are_kept():
    assert math.isclose(sum(assign.SHARES.values()), 1)
    for option, share in assign.SHARES.items():
        seen = sum(assign.assigned(person)[0] == option for person in PEOPLE) / len(PEOPLE)
        assert abs(seen - share) < 5 * math.sqrt(share * (1 - share) / len(PEOPLE))


def test_a_person_stays_with_an_option():
    assert assign.assigned("person-1") == assign.assigned("person-1")


def test_another_test_draws_anew():
    moved = sum(assign.assigned(p)[0] != assign.assigned(p, "second test")[0] for p in PEOPLE) / len(PEOPLE)
    same = sum(share**2 for share in assign.SHARES.values())
    assert abs(moved - (1 - same)) < 5 * 0.5 / math.sqrt(len(PEOPLE))
