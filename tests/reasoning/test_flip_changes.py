"""The changes of one variable to which a search for flips can keep: nothing linear is lost with the others."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoper.reasoning.flip_changes import Options, all_changes, distinct
from scoper.reasoning.knowledge import Knowledge

EXAMPLES = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.slow
@given(data=st.data())
@EXAMPLES
def test_every_linear_function_of_a_law_is_greatest_at_an_extreme_one(data, strategies, oracle):
    pack, known = (data.draw(s) for s in strategies)
    doubts = {s: r for s in known if (r := data.draw(st.sampled_from((0.3, 0.75, 0.9, 1.0)))) < 1.0}
    free = data.draw(st.integers(0, 2 ** len(pack.questions) - 1))
    unanswered = sum(1 << k for k, signal in enumerate(pack.questions) if signal not in known)
    for depth in range(len(pack.technique_diagram.variables)):
        changes = all_changes(Knowledge(pack, known, doubts), depth)
        kept = Options.of(changes, distinct(changes), free, unanswered)
        within = [change for change in changes if not change.signals & ~free]
        values = data.draw(st.lists(st.floats(-1, 1), min_size=len(changes[0].weights), max_size=9))

        def worth(change, values=values):
            return sum(share * value for share, value in zip(change.weights, values, strict=False))

        assert abs(max(map(worth, within)) - max(map(worth, kept.extreme))) < 1e-9
        assert all(not change.signals & ~free for change in kept.extreme)
