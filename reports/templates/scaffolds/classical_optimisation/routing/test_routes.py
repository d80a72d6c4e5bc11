# Case: @TITLE@
"""The tour found visits the same stops, is no longer and no later. Run: pytest test_routes.py"""

from pathlib import Path

import routes

DRIVEN = routes.stops(Path(__file__).resolve().parent / "stops.csv")


def stop(x, y, latest=99.0):
    return (float(x), float(y), 0.0, latest, 0.0)


def test_the_tour_found_keeps_every_stop_and_the_depot():
    found = routes.improved(DRIVEN)
    assert sorted(found) == sorted(DRIVEN)
    assert found[0] == DRIVEN[0]
    assert routes.length(found) <= routes.length(DRIVEN)
    assert routes.late(found) <= routes.late(DRIVEN)


def test_a_crossed_square_is_uncrossed():
    square = [stop(0, 0), stop(1, 1), stop(1, 0), stop(0, 1)]
    assert routes.length(routes.improved(square)) == 4


def test_a_window_is_not_given_up_for_a_shorter_way():
    line = [stop(0, 0), stop(3, 0, 3 / routes.SPEED), stop(1, 0), stop(2, 0)]
    assert routes.late(routes.improved(line)) == 0
