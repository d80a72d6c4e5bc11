"""The doctor's single looks, without a child: settings of the process, episodes as numbers, slowing steps, infos."""

import itertools
import os
import threading
import warnings
from pathlib import Path
from types import SimpleNamespace

import gymnasium
import numpy as np
import pytest

from scoper.probe import processes
from scoper.probe.doctor.answers import check_info, check_observation
from scoper.probe.doctor.elsewhere import MOST_STEPS, episode_in_numbers, look_elsewhere
from scoper.probe.doctor.examination import look_at_reset
from scoper.probe.doctor.ledger import Ledger, Unfit
from scoper.probe.doctor.memory import look_at_memory
from scoper.probe.doctor.spaces import look_at_spaces
from scoper.probe.doctor.stepping import Stepper
from scoper.probe.doctor.surroundings import Surroundings, look_at_surroundings
from scoper.probe.doctor.timing import Timing
from scoper.probe.runner import _Supervisor
from scoper.services.examining import document


class Dice(gymnasium.Env):
    """Three throws an episode; `does` is called in every step."""

    observation_space = gymnasium.spaces.Discrete(6)
    action_space = gymnasium.spaces.Discrete(2)

    def __init__(self, does=lambda: None, sides=6):
        self.does, self.sides = does, sides

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.time = 0
        return int(self.np_random.integers(self.sides)), {}

    def step(self, action):
        self.time += 1
        self.does()
        return int(self.np_random.integers(self.sides)), float(action), self.time == 3, False, {}


@pytest.fixture
def ledger():
    with warnings.catch_warnings():
        warnings.resetwarnings()
        book = Ledger(Path(__file__).parent)
        yield book
        book.surroundings.restore()


def ids(book):
    return [fault.id for fault in book.faults()]


@pytest.mark.parametrize(
    ("does", "words"),
    [
        (lambda: __import__("os").chdir("/"), "the working directory"),
        (lambda: np.seterr(over="raise"), "floating-point errors"),
        (lambda: warnings.simplefilter("error"), "every warning"),
    ],
)
def test_a_setting_of_the_whole_process_that_step_changes_is_named_and_put_back(ledger, does, words):
    before = Surroundings.now()
    look_at_surroundings(lambda: Dice(does), ledger, seed=1, most=40)
    (fault,) = ledger.faults()

    assert fault.id == "process_changed"
    assert fault.claim.startswith("step changes")
    assert words in fault.claim
    assert Surroundings.now() == before


@pytest.mark.parametrize(
    "does",
    [
        lambda: None,
        lambda: np.seterr(all="ignore"),
        lambda: warnings.simplefilter("ignore"),
        lambda: warnings.filterwarnings("error", message="of one library"),
    ],
)
def test_what_changes_no_other_codes_results_is_no_fault(ledger, does):
    look_at_surroundings(lambda: Dice(does), ledger, seed=1, most=40)

    assert ids(ledger) == []


def test_an_episode_in_numbers_has_three_for_reset_and_for_every_step():
    book = Ledger(Path())

    assert len(episode_in_numbers(Dice(), book, 3, MOST_STEPS)) == 3 * (1 + 3)
    assert len(episode_in_numbers(Dice(), book, 3, 2)) == 3 * (1 + 2)


def test_an_episode_that_comes_again_elsewhere_is_no_fault_and_another_one_is():
    same, other = Ledger(Path()), Ledger(Path())
    before = episode_in_numbers(Dice(), same, 3, MOST_STEPS)
    look_elsewhere(Dice, same, 3, before)
    look_elsewhere(lambda: Dice(sides=2), other, 3, [9.0, *before[1:]])

    assert ids(same) == []
    assert ids(other) == ["seed_not_reproducible"]
    assert "after reset" in other.faults()[0].claim


def test_actions_are_the_same_elsewhere_also_where_the_space_is_made_at_every_look():
    class Fresh(Dice):
        action_space = property(lambda self: gymnasium.spaces.Box(-1.0, 1.0, (3,)))

        def step(self, action):
            answer = super().step(0)
            return answer[0], float(action.sum()), *answer[2:]

    book = Ledger(Path())
    look_elsewhere(Fresh, book, 3, episode_in_numbers(Fresh(), book, 3, MOST_STEPS))

    assert ids(book) == []


def test_what_travels_between_processes_is_not_in_the_document():
    from scoper.domain.doctor import Examination

    assert "replay" not in document(Examination(name="e", replay=(1.0, 2.0)))


@pytest.mark.parametrize(
    ("median_ms", "named"),
    [
        ((1, 2, 3, 4), True),
        ((1, 3, 5, 5), True),  # the machine was busy before the last quarter
        ((1, 3, 2.8, 5), True),
        ((0.01, 0.02, 0.03, 0.04), False),
        ((1, 4, 4, 4), False),
        ((1, 1, 1, 4), False),
        ((1, 3, 6, 4), False),
        ((1, 2, 2.3, 2.6), False),
        ((4, 3, 2, 1), False),
    ],
)
def test_steps_slow_down_when_no_quarter_is_faster_and_the_last_slower_by_far(median_ms, named):
    timing, book = Timing(), Ledger(Path())
    timing._seconds["step"] = [1e-3 * quarter for quarter in median_ms for _ in range(50)]
    timing.report(book, patience_s=1.0)

    assert (ids(book) == ["step_slows_down"]) == named


@pytest.mark.parametrize(
    ("info", "named"),
    [
        ({"lock": threading.Lock()}, True),
        ({"again": lambda: 1}, True),
        ({"x": 1.5, "trace": np.arange(3), "names": ["a", {"b": 2}], "path": Path()}, False),
    ],
)
def test_an_info_that_no_other_process_can_get_is_worth_knowing(info, named):
    book = Ledger(Path())
    check_info(info, book, None)

    assert (ids(book) == ["info_unpicklable"]) == named
    assert all(fault.severity == "info" for fault in book.faults())


def test_an_observation_hardly_outside_says_by_how_much():
    book = Ledger(Path())
    space = gymnasium.spaces.Box(-1.0, 1.0, (1,), np.float64)
    check_observation(space, np.array([1 + 1e-7]), book, None, step=1, episode=1)

    assert book.faults()[0].claim.endswith("outside its bounds -1 to 1, by 1e-07")


def test_a_method_that_the_class_does_not_define_is_named_with_the_class():
    class Stepless(gymnasium.Env):
        observation_space = action_space = gymnasium.spaces.Discrete(2)

        def reset(self, *, seed=None, options=None):
            return 0, {}

    book = Ledger(Path(__file__).parent)
    with pytest.raises(Unfit):
        look_at_spaces(Stepless(), book)
    look_at_reset(Stepless(), book)

    assert ids(book) == ["method_missing"]
    assert "Stepless defines no step" in book.faults()[0].claim


@pytest.mark.slow
def test_threads_that_are_left_are_named_with_the_line_that_starts_them(ledger):
    over = threading.Event()

    class Leaving(Dice):
        def reset(self, *, seed=None, options=None):
            threading.Thread(target=over.wait, daemon=True).start()
            return super().reset(seed=seed)

    try:
        look_at_memory(Leaving(), ledger, seed=1, part_s=0.05, most=120)
    finally:
        over.set()
    (fault,) = (fault for fault in ledger.faults() if fault.id == "handle_leak")
    started = next(n for n, line in enumerate(Path(__file__).read_text().splitlines(), 1) if "target=over.wait" in line)

    assert fault.evidence["what"] == "threads"
    assert fault.place == f"{Path(__file__).name}:{started} in reset"


def test_a_process_that_nobody_counts_has_not_waited_in_any_queue():
    assert processes.queued_s(2**22 + 1) == 0.0


def test_time_in_the_queue_of_a_busy_machine_is_no_silence(monkeypatch):
    supervisor = object.__new__(_Supervisor)
    supervisor._sign_of_life, supervisor._queued_s = 100.0, 2.0
    supervisor._process = SimpleNamespace(pid=1)
    monkeypatch.setattr(processes, "queued_s", lambda pid: 9.0)

    assert supervisor._silent_s(112.0) == 12.0 - 7.0


@pytest.mark.slow
def test_a_pool_that_is_opened_once_is_no_leak(ledger):
    class Pooled(Dice):
        count, pool = 0, ()

        def reset(self, *, seed=None, options=None):
            self.count += 1
            if self.count == 90:
                self.pool = [os.open(os.devnull, os.O_RDONLY) for _ in range(16)]
            return super().reset(seed=seed)

    env = Pooled()
    look_at_memory(env, ledger, seed=1, part_s=5.0, most=1200)

    assert env.count > 200
    assert len(env.pool) == 16
    assert "handle_leak" not in ids(ledger)
    for descriptor in env.pool:
        os.close(descriptor)


def test_spaces_that_cannot_be_compared_do_not_count_as_changed():
    class Odd(gymnasium.spaces.Discrete):
        def __eq__(self, other):
            raise TypeError

        __hash__ = None

    class Gambling(Dice):
        observation_space = Odd(6)

    book = Ledger(Path())
    Stepper(Gambling, book, itertools.count(), None, (60, 10.0), 1.0).run()

    assert "space_changes" not in ids(book)
