"""Whether an action changes what comes next, on tables small enough to see it."""

import pytest

from scoper.diagnostics import Evidence, not_sequential

EVEN = [(0.5, 0, 1.0, False), (0.5, 1, 1.0, False)]
PAID = [(0.5, 1, 9.0, False), (0.5, 0, 9.0, False)]
UNEVEN = [(0.6, 0, 1.0, False), (0.4, 1, 1.0, False)]
SPLIT = [(0.25, 0, 2.0, False), (0.25, 0, 0.0, False), (0.5, 1, 1.0, False)]
ENDS = [(0.5, 0, 1.0, True), (0.5, 1, 1.0, False)]


def inspected(table_of, first, second):
    laws = {(0, 0): first, (0, 1): second, (1, 0): EVEN, (1, 1): PAID}
    return not_sequential.inspect(Evidence(table=table_of(laws)))


@pytest.mark.parametrize(("law", "found"), [(PAID, 1), (SPLIT, 1), (UNEVEN, 0), (ENDS, 0)])
def test_only_where_the_next_states_have_the_same_chances_does_nothing_move(table_of, law, found):
    assert len(inspected(table_of, EVEN, law)) == found


def test_the_finding_is_proved_and_says_of_how_many_states(table_of):
    (finding,) = inspected(table_of, EVEN, PAID)

    assert (finding.severity, finding.defect) == ("caution", "not_sequential")
    assert finding.evidence == {"basis": "proved", "states": 2}


def test_states_without_a_choice_and_states_that_cannot_be_reached_do_not_count(table_of):
    unreachable = {(0, 0): [(1.0, 0, 1.0, False)], (0, 1): [(1.0, 0, 2.0, False)], (1, 0): EVEN, (1, 1): UNEVEN}
    assert len(not_sequential.inspect(Evidence(table=table_of(unreachable)))) == 1

    no_choice = {(0, 0): [(1.0, 1, 0.0, False)], (1, 0): [(1.0, 0, 0.0, False)], (1, 1): [(1.0, 0, 1.0, False)]}
    (finding,) = not_sequential.inspect(Evidence(table=table_of(no_choice)))
    assert finding.evidence["states"] == 1


def test_without_a_table_nothing_is_said():
    assert not_sequential.inspect(Evidence()) == []
