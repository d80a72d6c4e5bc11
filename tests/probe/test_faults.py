"""Whatever an environment does, the probe ends with one event that names it, and no process is left."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scoper.domain.mdp import Objective
from scoper.probe.runner import run

pytestmark = pytest.mark.slow

SOURCE = Path(__file__).parent / "environments" / "faulty.py"
QUIET = ["closes_outputs", "stuck_thread", "moves_away"]
"""What a worker survives without a word."""


def line_of(text):
    return next(number for number, line in enumerate(SOURCE.read_text().splitlines(), 1) if text in line)


@pytest.mark.parametrize(
    ("fault", "code", "words", "at"),
    [
        ("raise_in_step", "crash", "IndexError", "return [][7]"),
        ("raise_in_reset", "crash", "KeyError", 'raise KeyError("shelf")'),
        ("segfault", "crash", "SIGSEGV", "ctypes.string_at(0)"),
        ("abort", "crash", "SIGABRT", "os.abort()"),
        ("exit_now", "crash", "exit code 0", "os._exit(0)"),
        ("sys_exit", "crash", "SystemExit", "sys.exit(3)"),
        ("interrupt", "crash", "KeyboardInterrupt", "raise KeyboardInterrupt"),
        ("recursion", "crash", "RecursionError", "return self.recursion()"),
        ("hang_in_python", "hang", "did not return", None),
        ("hang_in_c", "hang", "did not return", "time.sleep(1e6)"),
        ("hang_with_gil", "hang", "did not return", "usleep"),
        ("leak", "memory", "MiB", None),
        ("huge_allocation", "memory", "more memory", "np.ones(8_000_000_000)"),
        ("closes_everything", "crash", "file descriptors", None),
        ("forks", "hang", "did not return", None),
        ("daemon", "crash", "exit code 5", None),
        ("reads_input", "crash", "EOFError", "your move"),
        ("endless_file", "crash", "File too large", "file.write"),
        ("hang_in_regex", "hang", "did not return", "re.match("),
        ("ignores_signals", "hang", "did not return", None),
        ("stops_itself", "hang", "did not return", None),
        ("alarm", "crash", "SIGALRM", None),
        ("raise_unprintable", "crash", "Unprintable", "raise Unprintable"),
        ("raise_base", "crash", "not even an Exception", "raise Unusual"),
    ],
)
def test_a_fault_is_named_with_its_line_and_leaves_no_process(plan_of, events_of, workers, fault, code, words, at):
    last = events_of(plan_of(fault))[-1]

    assert (last.kind, last.code) == ("failed", code)
    assert words in last.message
    assert last.result.verdict == "not_shown"
    assert last.result.findings[0].severity == "blocker"
    if at is not None:
        assert last.result.findings[0].evidence["line"] == line_of(at)
        assert last.result.findings[0].evidence["file"] == "faulty.py"
    assert workers() == set()


@pytest.mark.parametrize(
    ("cls", "fault", "finding", "verdict"),
    [
        ("Fine", "nan_reward", "nan_or_inf_reward", "reward_defective"),
        ("Fine", "infinite_reward", "nan_or_inf_reward", "reward_defective"),
        ("Fine", "text_reward", "reward_type", "reward_defective"),
        ("Fine", "four_values", "step_signature", "not_shown"),
        ("Vector", "infinite_observation", "nan_or_inf_observation", "not_shown"),
        ("Vector", "wrong_shape", "observation_shape", "not_shown"),
        ("NoSpaces", "none", "space_missing", "not_shown"),
    ],
)
def test_a_broken_contract_ends_in_a_result_with_a_blocker(plan_of, events_of, cls, fault, finding, verdict):
    spec = {"kwargs": {}} if cls == "NoSpaces" else {}
    last = events_of(plan_of(fault, cls, spec=spec))[-1]

    assert last.kind == "finished"
    assert last.result.verdict == verdict
    assert finding in [found.code for found in last.result.findings if found.severity == "blocker"]
    assert {row.kind: row.matters for row in last.result.doctor}[finding] == "verdict"


@pytest.mark.parametrize("fault", ["nan", "text", "nothing"])
def test_an_objective_that_is_no_number_is_named_with_its_key(plan_of, events_of, fault):
    last = events_of(plan_of(fault, "Profit", spec={"objective": Objective(info="profit")}))[-1]

    assert last.kind == "finished"
    assert last.result.verdict == "not_shown"
    assert last.result.findings[-1].code == "objective_value"
    assert "info['profit']" in last.result.because


@pytest.mark.parametrize(
    ("spec", "held"),
    [
        ({}, "profit, stock"),
        ({"id": "CliffWalking-v1", "entry_point": None, "kwargs": {}}, "prob"),
    ],
)
def test_an_objective_whose_key_never_comes_is_not_called_tested(plan_of, events_of, spec, held):
    spec = {"objective": Objective(info="proffit"), **spec}
    result = events_of(plan_of("none", "Profit", spec=spec))[-1].result
    found = {finding.code: finding for finding in result.findings}

    assert result.verdict != "feasible"
    assert result.objective is None
    assert not any("the owner" in sentence for sentence in result.behaviour.sentences)
    assert not any(name.endswith("_objective") for name in result.returns)
    assert [trace.objective for trace in result.traces] == [None] * len(result.traces)
    assert result.traces
    assert f"it held {held}" in found["objective_not_tested"].claim
    assert ("did you mean 'profit'?" in found["objective_not_tested"].remedy) == ("profit" in held)


@pytest.mark.parametrize("fault", ["none", "flood", "c_puts", "spoof", "escapes", "fork_returns", *QUIET])
def test_what_an_environment_prints_or_forks_does_not_reach_the_events(plan_of, events_of, workers, fault):
    events = events_of(plan_of(fault))

    assert events[-1].kind == "finished"
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert events[-1].result.returns["q_learning"].mean == 1.0
    assert workers() == set()


def test_what_an_environment_printed_is_kept_clean_and_short_for_the_failure(plan_of, events_of):
    loud = events_of(plan_of("escapes", "RaisesLater"))[-1]

    assert loud.code == "crash"
    assert "plain words" in loud.log_tail
    assert not set(loud.log_tail) & {chr(c) for c in (*range(10), *range(11, 32), *range(127, 160))}
    assert len(loud.log_tail) < 70_000


@pytest.mark.parametrize(
    ("spec", "code", "words"),
    [
        ({"entry_point": "faulty.py:RaisesInInit", "kwargs": {}}, "crash", "no licence server"),
        ({"entry_point": "faulty.py:RaisesInClose"}, "crash", "cannot let go"),
        ({"entry_point": "unimportable.py:Any"}, "crash", "module_that_nobody_has_installed"),
        ({"entry_point": "faulty.py:Vectr"}, "bad_spec", "did you mean 'Vector'?"),
        ({"entry_point": "absent.py:Any"}, "bad_spec", "no file absent.py"),
        ({"entry_point": "absent_module:Any"}, "bad_spec", "no module 'absent_module'"),
        ({"id": "FrozenLake-v9", "entry_point": None}, "bad_spec", "did you mean 'FrozenLake-v1'?"),
        ({"id": "Taxi-v3", "entry_point": None}, "bad_spec", "Taxi-v4"),
        ({"id": "absent_module:Env-v0", "entry_point": None}, "bad_spec", "no module 'absent_module'"),
        ({"id": "gymnasium.envs:CartPoll-v1", "entry_point": None}, "bad_spec", "did you mean 'CartPole-v1'?"),
        ({"entry_point": "faulty.py:RaisesInInit", "kwargs": {"colour": 1}}, "bad_spec", "no argument 'colour'"),
        ({"entry_point": None, "id": "CartPole-v1", "kwargs": {"colour": 1}}, "bad_spec", "no argument 'colour'"),
        (
            {"entry_point": None, "id": "CartPole-v1", "kwargs": {"render_mod": 1}},
            "bad_spec",
            "no argument 'render_mod' (did you mean 'render_mode'? allowed: sutton_barto_reward, render_mode)",
        ),
        ({"entry_point": "truncating.py:Cut", "kwargs": {"lenght": 5}}, "bad_spec", "did you mean 'length'? allowed: "),
        ({"entry_point": None, "id": "CartPole-v1", "kwargs": {"id": "x"}}, "bad_spec", "'id' cannot be among kwargs"),
        (
            {"entry_point": None, "id": "CartPole-v1", "kwargs": {"disable_env_checker": True}},
            "bad_spec",
            "remove 'disable_env_checker' from kwargs",
        ),
        ({"kwargs": {"self": 1}}, "bad_spec", "'self' cannot be among kwargs"),
        ({"kwargs": {"fault": "segfault", "at": "x"}}, "crash", "TypeError"),
    ],
)
def test_an_environment_that_cannot_be_made_says_why(plan_of, events_of, spec, code, words):
    last = events_of(plan_of(spec=spec))[-1]

    assert (last.kind, last.code) == ("failed", code)
    assert words in last.message


def test_an_entry_point_does_not_run_without_consent(plan_of, events_of, workers):
    plan = plan_of("segfault", trust=False)
    events = events_of(plan)

    assert [event.kind for event in events] == ["failed"]
    assert events[0].code == "untrusted"
    assert "faulty.py:Fine" in events[0].message
    assert "--trust" in events[0].message


def test_an_id_that_names_a_module_needs_consent_too(plan_of, events_of):
    plan = plan_of(spec={"entry_point": None, "id": "some_module:Env-v0"}, trust=False)

    assert events_of(plan)[0].code == "untrusted"


@pytest.mark.parametrize("fault", ["none", "hang_in_c", "hang_in_python", "forks"])
async def test_closing_the_iterator_ends_the_child(plan_of, workers, fault):
    events = run(plan_of(fault, silence_s=60.0, learning_steps=10_000_000))
    async for event in events:
        if event.kind in ("curve", "heartbeat"):
            break
    await events.aclose()

    assert workers() == set()


async def test_cancelling_the_task_ends_the_child(plan_of, workers):
    async def follow():
        async for _ in run(plan_of("hang_in_c", silence_s=60.0)):
            pass

    task = asyncio.create_task(follow())
    await asyncio.sleep(1.0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert workers() == set()


@pytest.mark.parametrize("fault", ["hang_in_python", "hang_with_gil", "forks", "none"])
def test_the_child_dies_with_its_parent(plan_of, workers, tmp_path, fault):
    plan = tmp_path / "plan.json"
    plan.write_text(plan_of(fault, silence_s=600.0, learning_steps=10_000_000).model_dump_json())
    code = (
        "import asyncio, sys; from scoper.probe.runner import run; from scoper.domain.probe import ProbePlan\n"
        "async def go():\n"
        "    async for e in run(ProbePlan.model_validate_json(open(sys.argv[1]).read())): print(e.kind, flush=True)\n"
        "asyncio.run(go())"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(plan)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout.readline() == "started\n"
    time.sleep(0.7)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()

    assert workers() == set()


def test_a_probe_that_takes_longer_than_its_budget_is_ended(plan_of, events_of, monkeypatch):
    monkeypatch.setattr("scoper.probe.runner._GRACE_S", 0.5)
    last = events_of(plan_of("hang_in_c", budget_s=1.0, silence_s=60.0))[-1]

    assert last.code == "deadline"
    assert "budget" in last.message


def test_a_slow_environment_ends_within_the_budget_with_what_is_known(plan_of, events_of):
    last = events_of(plan_of("slow", budget_s=3.0, silence_s=60.0))[-1]

    assert last.kind == "finished"
    assert last.result.verdict == "not_shown"
    assert "budget_exhausted" in [finding.code for finding in last.result.findings]


def test_the_child_sees_no_variable_that_is_not_on_the_list(plan_of, events_of):
    last = events_of(plan_of("shows_environment"))[-1]

    assert last.code == "crash"
    assert "OMP_NUM_THREADS=1" in last.message
    assert "SECRET" not in last.message
