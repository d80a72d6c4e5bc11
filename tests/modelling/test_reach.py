"""Which states can be reached, and from which an episode can end."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoper.modelling.arrays import to_tabular
from scoper.modelling.reach import can_end, closure, reachable

CORRIDOR = """
scoper_mdp: 1
name: Corridor
discount: 0.9
state: {place: {from: 0, to: 3000}}
actions: {step: {values: [0, 1]}}
next: {place: "min(3000, place + step)"}
reward: "-1"
terminated: "place == END"
start: {place: 500}
"""


STATES = st.integers(0, 7)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(STATES, STATES), max_size=20), st.sets(STATES))
def test_the_closure_is_the_power_of_the_adjacency_matrix(edges, first):
    size, step = 8, np.eye(8, dtype=bool)
    for a, b in edges:
        step[a, b] = True
    start = np.isin(np.arange(size), list(first))
    expected = start @ np.linalg.matrix_power(step.astype(int), size) > 0
    source, target = (np.array([edge[side] for edge in edges], dtype=np.int64) for side in (0, 1))

    assert closure(source, target, start).tolist() == expected.tolist()


@pytest.mark.parametrize("end", [3000, 1500])
def test_a_long_corridor_is_reached_from_its_start_to_its_end_and_no_further(spec_of, end):
    mdp = to_tabular(spec_of(CORRIDOR.replace("END", str(end))))
    places = np.arange(3001)

    assert reachable(mdp).tolist() == ((places >= 500) & (places < end)).tolist()
    # an episode that begins beyond the end can never get back to it; at the end, staying ends it
    assert can_end(mdp).tolist() == (places <= end).tolist()
