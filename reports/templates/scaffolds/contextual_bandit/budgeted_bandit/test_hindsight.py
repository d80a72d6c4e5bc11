# Case: @TITLE@
"""The bound holds, and a large budget leaves nothing to gain. Run: pytest test_hindsight.py"""

import itertools

import hindsight

REQUESTS = [(2, 3), (1, 4), (3, 5), (2, 2)]


def test_no_choice_brings_more_than_the_bound():
    for budget in range(9):
        chosen = (each for n in range(5) for each in itertools.combinations(REQUESTS, n))
        best = max(sum(b for _, b in each) for each in chosen if sum(t for t, _ in each) <= budget)
        assert hindsight.first_come(REQUESTS, budget) <= best <= hindsight.bound(REQUESTS, budget) + 1e-9


def test_a_budget_for_all_takes_all():
    assert hindsight.first_come(REQUESTS, 8) == hindsight.bound(REQUESTS, 8) == 14
