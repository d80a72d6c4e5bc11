# Case: @TITLE@
"""Certain inputs make both plans the same; the plan chosen is the cheapest listed. Run: pytest test_scenarios.py"""

import scenarios

FEW = [60.0, 140.0, 90.0, 120.0]


def test_nothing_is_gained_where_nothing_is_uncertain():
    expected, wise, mean, half = scenarios.value([100.0] * 10)
    assert expected == wise
    assert (mean, half) == (0, 0)


def test_the_chosen_plan_is_the_cheapest_on_its_scenarios():
    def mean(plan):
        return sum(scenarios.cost(plan, each) for each in FEW)

    assert mean(scenarios.best(FEW)) == min(map(mean, scenarios.PLANS))
