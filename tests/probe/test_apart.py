"""Seeds of stable-baselines3 in processes of their own: the same numbers, and every fault in them is told."""

import os
from pathlib import Path

import pytest

from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.probe import ProbePlan

pytestmark = [pytest.mark.deep, pytest.mark.slow]
FOLDER = str(Path(__file__).parent / "environments")
needs_two = pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one core: one process")


@pytest.fixture
def told(events_of):
    """All events of a probe of the pole that takes a bit."""

    def go(fault="", **plan):
        kwargs = {"fault": fault} if fault else {}
        spec = EnvironmentSpec(name="told", entry_point="told.py:Told", kwargs=kwargs, memory_mb=2000)
        plan = {"learning_steps": 7000, "budget_s": 600.0, **plan}
        return events_of(ProbePlan(spec_text="", spec=spec, spec_dir=FOLDER, trust=True, **plan))

    return go


def curves(events):
    return [(e.seed, e.steps, e.mean_return, e.stopped) for e in events if e.kind == "curve"]


@needs_two
def test_marks_and_returns_are_the_same_in_one_process_and_in_two_and_come_in_the_order_of_seeds(told):
    cores = os.sched_getaffinity(0)
    two = told()
    os.sched_setaffinity(0, {min(cores)})
    try:
        one = told()
    finally:
        os.sched_setaffinity(0, cores)

    assert curves(one) == curves(two)
    assert [point[0] for point in curves(two)] == sorted(point[0] for point in curves(two))
    assert one[-1].result.returns == two[-1].result.returns
    assert one[-1].result.findings == two[-1].result.findings


@needs_two
@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        ("raise", "crash", "the environment raised RuntimeError: broken gear, at told.py:34 in _break"),
        ("hang", "hang", "the environment did not return within 5 s, at told.py:36 in _break"),
        ("exit", "crash", "the environment ended the probe's process with exit code 7"),
        ("abort", "crash", "the environment's process was killed by SIGABRT, at told.py:40 in _break"),
        ("memory", "memory", "of the 2000 MiB allowed"),
    ],
)
def test_what_breaks_in_a_seed_s_process_is_named_and_no_process_is_left(told, workers, fault, code, words):
    last = told(fault, silence_s=5.0 if fault == "hang" else 60.0)[-1]

    assert (last.kind, last.code) == ("failed", code)
    assert words in last.message
    assert workers() == set()


@needs_two
def test_a_reward_that_is_no_number_in_a_seed_s_process_is_the_environment_s_fault(told):
    result = told("nan")[-1].result

    assert result.verdict == "reward_defective"
    assert "nan_or_inf_reward" in [finding.code for finding in result.findings]


@needs_two
def test_what_an_environment_prints_in_a_seed_s_process_does_not_touch_the_events(told):
    assert curves(told("print")) == curves(told())
