"""Walks over graphs, compiled and plain: the same components, the same ways to a goal."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoper.numerics import compiled
from scoper.numerics.components import attractor, end_components
from scoper.numerics.kernel import Kernel, ends_of

needs_numba = pytest.mark.skipif(not compiled.available(), reason="needs numba")


def graph(rng, n_states, most_pairs, most_fan_out, span):
    """A kernel of random pairs that lead at most `span` states on, or anywhere."""
    pairs = rng.integers(1, most_pairs + 1, n_states)
    lengths = rng.integers(0, most_fan_out + 1, pairs.sum())
    home = np.repeat(np.repeat(np.arange(n_states), pairs), lengths)
    successor = (home + rng.integers(-span, span + 1, home.size)) % n_states
    blank = np.zeros(lengths.size)
    ends = (lengths == 0) | (rng.random(lengths.size) < 0.1)
    weight = np.full(home.size, 1.0 / (most_fan_out + 1))
    origin = np.arange(lengths.size)
    return Kernel(n_states, ends_of(pairs), origin, ends_of(lengths), successor, weight, blank, blank, ends, 9)


def reachable(kernel, inside):
    """(S, S) whether a walk along `inside` pairs leads from one state to the other, by repeated squaring."""
    step = np.eye(kernel.n_states, dtype=bool)
    used = inside[kernel.pair_of_transition]
    step[kernel.state_of_pair[kernel.pair_of_transition[used]], kernel.successor[used]] = True
    for _ in range(kernel.n_states.bit_length()):
        step = step @ step
    return step


@needs_numba
@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n_states=st.integers(1, 30), span=st.integers(0, 30))
def test_compiled_walks_find_what_the_plain_ones_find(seed, n_states, span):
    rng = np.random.default_rng(seed)
    kernel = graph(rng, n_states, int(rng.integers(1, 4)), int(rng.integers(1, 4)), span)
    allowed, goal = (rng.random(kernel.origin.size) < share for share in (0.8, 0.2))
    with compiled.refused():
        plain = (*end_components(kernel, allowed), attractor(kernel, goal, allowed))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "WORTHWHILE", 0)
        fast = (*end_components(kernel, allowed), attractor(kernel, goal, allowed))

    for one, other in zip(plain, fast, strict=True):
        assert one.tolist() == other.tolist()


@pytest.mark.parametrize("worthwhile", [pytest.param(0, marks=needs_numba), 10**9])
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), span=st.integers(0, 12))
def test_states_of_an_end_component_reach_each_other_and_larger_ones_do_not_exist(worthwhile, seed, span):
    rng = np.random.default_rng(seed)
    kernel = graph(rng, 12, 2, 2, span)
    allowed = rng.random(kernel.origin.size) < 0.9
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "WORTHWHILE", worthwhile)
        component, inside = end_components(kernel, allowed)

    walk, state = reachable(kernel, inside), kernel.state_of_pair
    same = (component[:, None] == component) & (component[:, None] >= 0)
    assert (walk & walk.T & ~np.eye(12, dtype=bool) <= same).all()
    assert (same <= walk).all()
    assert not (inside & (kernel.ends | ~allowed)).any()
    assert (np.bincount(state[inside], minlength=12) > 0).tolist() == (component >= 0).tolist()


@needs_numba
def test_small_graphs_do_not_ask_for_the_compiler():
    assert not compiled.worthwhile(compiled.WORTHWHILE - 1)
    with compiled.refused():
        assert not compiled.worthwhile(10**9)
    assert compiled.worthwhile(10**9)
