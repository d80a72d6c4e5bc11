"""What a timestep costs is a coarse class, the same on a busy machine."""

import math
import time

import pytest

from scoper.probe.clock import Stopwatch, own_seconds
from scoper.probe.pace import FAST, fine_pace_of, pace_of, steps_within


@pytest.mark.parametrize(
    ("wall_s", "cpu_s", "queued_s", "own"),
    [
        (1.0, 0.9, None, 0.9),
        (4.0, 0.9, None, 0.9),
        (1.0, 0.001, None, 1.0),
        (4.0, 0.5, 3.0, 1.0),
        (1.0, 0.0, 0.0, 1.0),
    ],
    ids=["idle machine", "busy machine", "an environment that sleeps", "computes and sleeps, busy", "only sleeps"],
)
def test_waiting_for_a_processor_does_not_count_and_waiting_for_anything_else_does(wall_s, cpu_s, queued_s, own):
    assert own_seconds(wall_s, cpu_s, queued_s) == own


def test_a_sleep_is_the_environments_own_time():
    watch = Stopwatch()
    time.sleep(0.05)

    assert watch.own_s() >= 0.03


@pytest.mark.parametrize(("speed", "pace"), [(4**5, 4**5), (1200, 4**5), (20, 16), (0.5, 0.25), (FAST, math.inf)])
def test_the_pace_is_the_power_of_four_below_the_speed(speed, pace):
    assert pace_of(1, 1 / speed) == pytest.approx(pace)


@pytest.mark.parametrize(
    ("speed", "pace"), [(FAST, FAST), (1200, 1024), (3.9 * FAST, 2 * FAST), (0.5, 0.5), (16 * FAST, math.inf)]
)
def test_the_fine_pace_is_the_power_of_two_below_the_speed(speed, pace):
    assert fine_pace_of(1, 1 / speed) == pytest.approx(pace)


def test_timesteps_within_a_time_stay_between_the_bounds():
    assert [steps_within(2.0, pace, 20, 1000) for pace in (1.0, 64.0, math.inf)] == [20, 128, 1000]
