"""The learning curve's cells: levels, range and mean stand where the numbers say."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoper.interfaces.tui.widgets.plot import Curves, number, plot

LINE = tuple((float(x), float(x)) for x in range(0, 101, 10))


def rows_with(cells: list, ink: str) -> list[int]:
    return [row for row, line in enumerate(cells) if any(cell.ink == ink for cell in line)]


def test_the_ceiling_stands_above_the_mean_and_the_floor_below() -> None:
    cells = plot(Curves({0: ((0, 40), (100, 60))}, 100, floor=0, ceiling=100), 60, 15)

    ceiling, floor, mean = (rows_with(cells, ink) for ink in ("ceiling", "floor", "mean"))
    assert max(ceiling) < min(mean)
    assert max(mean) < min(floor)


def test_the_names_of_floor_and_ceiling_are_read_even_where_the_curve_touches_them() -> None:
    cells = plot(Curves({0: ((0, 0), (50, 100), (100, 100)), 1: LINE}, 100, floor=0, ceiling=100), 60, 15)

    text = ["".join(cell.glyph for cell in line) for line in cells]
    assert sum("ceiling 100" in line for line in text) == 1
    assert sum("floor 0" in line for line in text) == 1


@pytest.mark.parametrize("height", [3, 4, 6, 9, 15])
@pytest.mark.parametrize("ceiling", [12.0, -26.0])
def test_both_names_are_whole_also_when_the_lines_are_close_or_at_the_top(height: int, ceiling: float) -> None:
    cells = plot(Curves({0: ((0, -400), (100, -27))}, 100, floor=-26.2, ceiling=ceiling), 78, height)

    text = "\n".join("".join(cell.glyph for cell in line) for line in cells)
    assert f" ceiling {number(ceiling)} " in text
    assert " floor -26.2 " in text


def test_a_rising_line_goes_from_the_lower_left_to_the_upper_right() -> None:
    cells = plot(Curves({0: LINE}, 100), 60, 15)

    places = [(column, row) for row, line in enumerate(cells) for column, cell in enumerate(line) if cell.ink == "mean"]
    left, right = min(places), max(places)
    assert left[1] > right[1]
    assert right[0] == len(cells[0]) - 1


def test_the_band_spans_from_the_lowest_to_the_highest_seed() -> None:
    seeds = {0: ((0, 0), (100, 0)), 1: ((0, 100), (100, 100))}
    cells = plot(Curves(seeds, 100), 40, 12)

    column = [row for row, line in enumerate(cells[:-1]) if line[20].band]
    assert column == list(range(min(column), max(column) + 1))
    assert len(column) >= 9


def test_one_seed_has_no_band() -> None:
    assert not any(cell.band for line in plot(Curves({0: LINE}, 100), 40, 12) for cell in line)


def test_the_mean_of_two_seeds_lies_half_way_between_them() -> None:
    seeds = {0: ((0, 0), (100, 0)), 1: ((0, 100), (100, 100))}
    cells = plot(Curves(seeds, 100), 40, 12)

    assert rows_with(cells, "mean") in ([5], [5, 6], [6], [4, 5])


values = st.floats(-1e9, 1e9) | st.sampled_from([math.nan, math.inf, -math.inf, 0.0])
Seeds = dict[int, tuple[tuple[float, float], ...]]
points = st.lists(st.tuples(st.floats(0, 1e6), values), max_size=8).map(lambda rows: tuple(sorted(rows)))


@given(
    st.dictionaries(st.integers(0, 4), points, max_size=4),
    st.none() | values,
    st.none() | values,
    st.integers(13, 130),
    st.integers(3, 40),
)
def test_any_numbers_fill_exactly_the_room_there_is(
    seeds: dict[int, tuple[tuple[float, float], ...]],
    floor: float | None,
    ceiling: float | None,
    width: int,
    height: int,
) -> None:
    cells = plot(Curves(seeds, 1e6, floor, ceiling), width, height)

    assert len(cells) == height
    assert {len(line) for line in cells} == {width}
    assert all(len(cell.glyph) == 1 for line in cells for cell in line)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (12.345, "12.3"),
        (-40.2, "-40.2"),
        (543.2, "543"),
        (20_000, "20k"),
        (2e6, "2M"),
        (5e9, "5e9"),
        (1e-5, "1e-5"),
    ],
)
def test_axis_numbers_are_short(value: float, shown: str) -> None:
    assert number(value) == shown
