# Case: @TITLE@
"""NDCG has the values of its definition. Run: pytest test_measure.py"""

import math

import measure


def test_the_best_order_has_one_and_a_swap_less():
    assert measure.ndcg([3, 2, 0]) == 1
    assert math.isclose(measure.ndcg([0, 1]), 1 / math.log2(3))


def test_a_list_without_a_relevant_candidate_counts_as_right():
    assert measure.ndcg([0, 0]) == 1
