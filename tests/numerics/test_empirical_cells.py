"""Cells of vectors: what falls together, where edges stand, and which components count."""

import numpy as np
import pytest

from scoper.numerics.empirical_cells import _edges, _quantiles, bins_of, distinct, grid_for, telling, values_of, varying


def test_equal_vectors_share_a_cell_and_minus_zero_is_zero():
    cells, number = values_of(np.array([[0.0, 1.0], [-0.0, 1.0], [1.0, 0.0]]))
    assert cells.size == distinct(np.array([[0.0], [-0.0], [5.0]])) == 2
    assert number[0] == number[1] != number[2]


def test_a_vector_never_seen_gets_the_nearest_cell_and_is_not_known():
    cells, number = values_of(np.array([[0.0, 0.0], [10.0, 10.0]]))
    assert cells.number((1.0, 2.0)) == number[0]
    assert not cells.knows((1.0, 2.0))
    assert cells.knows((10.0, 10.0))
    assert not cells.knows((1.0, 2.0))


def test_a_vector_s_cell_is_the_one_its_row_was_counted_in():
    vectors = np.random.default_rng(0).normal(size=(500, 3))
    for cells, number in (values_of(vectors), bins_of(vectors, 5, [0, 1, 2]), bins_of(vectors, 4, [1])):
        assert [cells.number(vector) for vector in vectors.tolist()] == number.tolist()


def test_a_component_that_changes_its_sign_has_an_edge_at_zero():
    cells, _ = bins_of(np.random.default_rng(0).normal(0.3, 1.0, size=(1000, 1)), 6, [0])
    assert 0.0 in cells.edges[0]
    assert len(cells.edges[0]) == 5


@pytest.mark.parametrize("parts", [2, 3, 7, 31])
@pytest.mark.parametrize("rounded", [1, 9])
def test_edges_lie_half_way_between_equal_shares_and_equal_widths(parts, rounded):
    column = np.random.default_rng(parts).exponential(size=501).round(rounded) + 1.0
    shares = np.arange(1, parts) / parts
    low, high = np.quantile(column, [0.001, 0.999])
    expected = np.unique(0.5 * np.quantile(column, shares) + 0.5 * (low + shares * (high - low)))
    assert bins_of(column[:, None], parts, [0])[0].edges[0] == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("size", [2, 14, 101, 5000])
def test_quantiles_are_those_of_numpy_to_the_last_bit(size):
    column = np.sort(np.random.default_rng(size).normal(size=size))
    for shares in (np.linspace(0.0, 1.0, 65), np.array([0.001, 0.999])):
        assert _quantiles(column, shares).tobytes() == np.quantile(column, shares).tobytes()


def test_what_is_no_number_is_one_level():
    assert _edges(np.sort(np.array([0.0, 1.0, 2.0, *[np.nan] * 20])), 4)[:2] == (0.5, 1.5)


def test_no_rows_have_no_edges():
    assert _edges(np.array([]), 4) == ()


def test_few_values_get_a_part_each_however_few_parts_are_asked_for():
    cells, _ = bins_of(np.array([[0.0], [1.0], [2.0], [3.0]] * 10), 2, [0])
    assert cells.size == 4


def test_components_left_out_do_not_cut():
    vectors = np.random.default_rng(0).random((100, 2))
    assert bins_of(vectors, 4, [0])[0].size == 4


def test_the_centre_of_a_cell_is_the_mean_of_its_vectors():
    vectors = np.array([[0.0], [0.2], [9.0], [9.4]] + [[x] for x in np.linspace(0, 9.4, 20)])
    cells, number = bins_of(vectors, 2, [0])
    for cell in range(cells.size):
        assert cells.centres[cell, 0] == pytest.approx(vectors[number == cell].mean())


@pytest.mark.parametrize("most", [30, 200, 1500])
def test_a_grid_stays_about_as_small_as_asked(most):
    vectors = np.random.default_rng(1).random((5_000, 2))
    parts = grid_for(vectors, most, [0, 1])
    assert bins_of(vectors, parts, [0, 1])[0].size <= most
    assert (parts * 1.3 + 1) ** 2 > most  # the next finer one would have been too fine


def test_what_a_component_says_does_not_hang_on_the_order_of_rows():
    at = np.concatenate([[0, 1, 799, 800], *(np.arange(k * 100 - 2, k * 100 + 3) for k in range(1, 8))])
    rest, rows = np.setdiff1d(np.arange(801), at), np.empty(801)
    rows[at], rows[rest] = np.arange(len(at)), np.arange(len(at), 801)
    high = (rows > 600) * 1.0
    other = np.random.default_rng(0).normal(size=801) + high
    assert telling(np.column_stack([other, rows]), np.zeros(801, dtype=np.int64), [high], 1) == [1]


def test_components_that_say_something_of_the_reward_come_first():
    rng = np.random.default_rng(2)
    vectors, action = rng.normal(size=(4_000, 5)), rng.integers(2, size=4_000)
    vectors[:, 4] = 1.0
    reward = np.where(action == 1, np.sign(vectors[:, 2]), 0.0)
    assert telling(vectors, action, [reward], 1) == [2]
    assert varying(vectors) == [0, 1, 2, 3]
