"""The probe's own clock: time in the queue of a busy machine is given back, up to a limit."""

import threading

import pytest

from scoper.probe import clock as room
from scoper.probe.clock import MOST_SLOWER, Clock, Deadline
from scoper.probe.shelter import Pulse


@pytest.fixture
def hands(monkeypatch):
    """A wall clock and a count of seconds in the queue that the test moves by hand."""
    at = {"wall": 100.0, "queued": 7.0}
    monkeypatch.setattr(room.time, "monotonic", lambda: at["wall"])
    monkeypatch.setattr(room, "queued_s", lambda: at["queued"])
    return at


def test_seconds_in_the_queue_do_not_count(hands):
    clock = Clock(100.0)
    hands["wall"] += 10.0
    hands["queued"] += 4.0

    assert clock.elapsed_s() == pytest.approx(6.0)


def test_another_thread_reads_the_clock_of_the_one_that_made_it(monkeypatch, tmp_path):
    counted = tmp_path / "schedstat"
    counted.write_text("5 2000000000 7\n")  # two seconds in the queue
    monkeypatch.setattr(room, "_FILES", {})
    monkeypatch.setattr(room, "_COUNTED", str(counted))
    monkeypatch.setattr(room.time, "monotonic", lambda: 110.0)
    clock, found = Clock(100.0), []
    counted.write_text("5 6000000000 7\n")  # four more
    beside = threading.Thread(target=lambda: found.append(clock.elapsed_beside_s()))
    monkeypatch.setattr(room, "_COUNTED", str(tmp_path / "of no other thread"))
    beside.start()
    beside.join()

    assert found == [pytest.approx(6.0)]


def test_heartbeats_tell_whose_time_is_used():
    pulse = Pulse()
    assert pulse.beat().used_s is None
    pulse.count_time(lambda: 3.0)
    with pulse.timed_by(lambda: 2.0):
        assert pulse.beat().used_s == 2.0
    assert pulse.beat().used_s == 3.0


def test_at_least_a_third_of_the_wall_counts(hands):
    clock = Clock(100.0)
    hands["wall"] += 30.0
    hands["queued"] += 29.0

    assert clock.elapsed_s() == pytest.approx(30.0 / MOST_SLOWER)


def test_a_deadline_moves_by_the_seconds_in_the_queue_when_it_is_reached(hands):
    deadline = Clock(100.0).deadline(10.0)
    hands["wall"] += 11.0
    hands["queued"] += 4.0  # seven seconds are spent

    assert not deadline.is_over(hands["wall"])
    assert not deadline.is_over(113.9)
    hands["wall"] = 114.1  # 10.1 seconds are spent
    assert deadline.is_over(hands["wall"])


def test_a_deadline_without_a_clock_stays_where_it_is():
    assert Deadline(5.0).is_over(5.1)
    assert not Deadline(5.0).is_over(5.0)
