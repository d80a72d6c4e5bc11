"""The environment doctor names what is wrong with an environment, with the line, and leaves sound ones alone."""

import json
from pathlib import Path

import gymnasium
import numpy as np
import pytest

from scoper.domain.doctor import Examination, Fault
from scoper.domain.mdp import EnvironmentSpec, Objective
from scoper.domain.probe import ProbePlan
from scoper.errors import InputError, ProbeError
from scoper.interfaces.cli.doctor_text import examination_text
from scoper.probe.doctor.answers import check_observation, check_reward
from scoper.probe.doctor.kinds import KINDS, says
from scoper.probe.doctor.ledger import Ledger
from scoper.services.examining import document, examine

ENVIRONMENTS = Path(__file__).parent / "environments"
SICK = sorted(path for path in (ENVIRONMENTS / "sick").glob("*.py") if path.stem != "walk")
SANE = sorted((ENVIRONMENTS / "sane").glob("*.py"))
QUICK = ["old_step", "global_numpy", "nan_reward_late", "segfaults"]


def doctor(file, *, checkers=False, cls="Env", **plan):
    spec = EnvironmentSpec(name=file.stem, entry_point=f"{file.name}:{cls}", path=".", memory_mb=1000)
    settings = {"spec_text": "", "spec": spec, "spec_dir": str(file.parent), "trust": True, **plan}
    return examine(ProbePlan(**settings), checkers=checkers)


def fault_of(file):
    return file.read_text().removeprefix('"""').partition(":")[0]


def line_of(file):
    lines = (number for number, line in enumerate(file.read_text().splitlines(), 1) if "# HERE" in line)
    return next(lines, None)


def assert_named(file):
    rows = {fault.id: fault for fault in doctor(file).faults}
    fault, line = fault_of(file), line_of(file)

    assert fault in rows
    assert rows[fault].severity == KINDS[fault].severity
    if line is not None:
        assert f"{file.name}:{line} in " in rows[fault].place


@pytest.mark.slow
@pytest.mark.parametrize("name", QUICK)
def test_a_fault_is_named_with_its_line(name):
    assert_named(ENVIRONMENTS / "sick" / f"{name}.py")


@pytest.mark.slow
@pytest.mark.parametrize("file", [f for f in SICK if f.stem not in QUICK], ids=lambda file: file.stem)
def test_every_sick_environment_is_named_with_its_line(file):
    assert_named(file)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["nested", "talks_at_import"])
def test_what_only_looks_suspicious_is_no_fault(name):
    assert doctor(ENVIRONMENTS / "sane" / f"{name}.py").faults == ()


@pytest.mark.slow
@pytest.mark.parametrize("file", SANE, ids=lambda file: file.stem)
def test_no_sane_environment_raises_an_alarm(file):
    assert [fault.id for fault in doctor(file).faults if fault.severity != "info"] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "identifier",
    [
        "CartPole-v1",
        "Acrobot-v1",
        "MountainCar-v0",
        "MountainCarContinuous-v0",
        "Pendulum-v1",
        "Blackjack-v1",
        "FrozenLake-v1",
        "CliffWalking-v1",
        "Taxi-v4",
    ],
)
def test_gymnasiums_own_environments_raise_no_alarm(identifier):
    plan = ProbePlan(spec_text="", spec=EnvironmentSpec(name=identifier, id=identifier))

    assert [fault.id for fault in examine(plan, checkers=False).faults if fault.severity != "info"] == []


@pytest.mark.parametrize(
    ("observation", "fault"),
    [
        ([1.0, 2.0], "observation_type"),
        (np.zeros(3, np.float32), "observation_shape"),
        (np.zeros(2), "observation_dtype"),
        (np.array([np.nan, 0], np.float32), "nan_or_inf_observation"),
        (np.array([6, 0], np.float32), "observation_outside_space"),
        (np.array([5, 0], np.float32), None),
    ],
)
def test_an_observation_is_compared_with_its_space(observation, fault):
    ledger = Ledger(Path())
    check_observation(gymnasium.spaces.Box(0.0, 5.0, (2,), np.float32), observation, ledger, None, step=3, episode=1)

    assert [found.id for found in ledger.faults()] == ([fault] if fault else [])


@pytest.mark.parametrize(
    ("reward", "found"),
    [
        (1e4, []),
        (np.float32(-3), []),
        (True, []),
        (1e9, ["reward_scale"]),
        (-1e38, ["reward_overflow"]),
        (float("nan"), ["nan_or_inf_reward"]),
        ("much", ["reward_type"]),
        (np.array([1.0]), ["reward_type"]),
    ],
)
def test_a_reward_is_a_number_of_human_size(reward, found):
    ledger = Ledger(Path())
    check_reward(reward, ledger, None, step=3, episode=1)

    assert [fault.id for fault in ledger.faults()] == found


def test_a_fault_that_comes_again_is_counted_not_repeated():
    told = []
    ledger = Ledger(Path(), told.append)
    for step in (3, 4, 5):
        check_reward(1e9, ledger, None, step=step, episode=1)
    (fault,) = ledger.faults()

    assert len(told) == 1
    assert (fault.evidence["step"], fault.evidence["times"]) == (3, 3)


def test_there_are_at_least_thirty_sick_and_twenty_sane_environments_of_known_kinds():
    assert len(SICK) >= 30
    assert len(SANE) >= 20
    assert {fault_of(file) for file in SICK} <= KINDS.keys()


@pytest.mark.slow
def test_one_pass_names_faults_of_every_section_also_beside_a_crash(tmp_path):
    file = tmp_path / "many.py"
    file.write_text(
        "import os, gymnasium, numpy as np\n"
        "class Env(gymnasium.Env):\n"
        "    observation_space = gymnasium.spaces.Discrete(9)\n"
        "    action_space = gymnasium.spaces.Discrete(2**40)\n"
        "    n = 0\n"
        "    def reset(self, *, seed=None, options=None):\n"
        "        super().reset(seed=seed)\n"
        "        return 0, {}\n"
        "    def step(self, action):\n"
        "        self.n += 1\n"
        "        if self.n == 900:\n"
        "            os.abort()\n"
        "        noise = np.random.random()\n"
        "        return 0, noise * 1e9, self.n % 10 == 0, 0, {}\n"
    )
    found = {fault.id: fault for fault in doctor(file).faults}

    assert {"space_huge", "flag_type", "reward_scale", "environment_crash", "global_rng"} <= found.keys()
    assert found["environment_crash"].place == "many.py:12 in step"
    assert "SIGABRT" in found["environment_crash"].claim
    assert found["global_rng"].place == "many.py:13 in step"


@pytest.mark.slow
def test_gymnasiums_checker_stands_beside_the_fault_that_it_names():
    found = doctor(ENVIRONMENTS / "sick" / "reused_array.py", checkers=True)
    row = next(fault for fault in found.faults if fault.id == "observation_reused")
    told = {checker.name: checker for checker in found.checkers}

    assert told["gymnasium"].verdict == "refused"
    assert "share an object" in row.gymnasium
    assert row.stable_baselines3 == ""
    assert told["stable_baselines3"].verdict in ("passed", "warned", "absent")


def test_an_environment_that_cannot_be_found_is_the_specs_fault_not_the_environments():
    with pytest.raises(InputError, match="no class 'Envy'"):
        doctor(ENVIRONMENTS / "sick" / "walk.py", cls="Envy")


def test_no_code_of_a_spec_runs_without_consent():
    with pytest.raises(ProbeError, match="--trust"):
        doctor(ENVIRONMENTS / "sick" / "segfaults.py", trust=False)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_table():
    file = ENVIRONMENTS / "sick" / "wear.py"

    assert doctor(file, seed=3) == doctor(file, seed=3)


def test_a_message_that_speaks_of_another_fault_is_not_put_beside_this_one():
    messages = ("The reward is a NaN value.", "The obs is not within the observation space.")

    assert says(messages, "nan_or_inf_reward") == messages[0]
    assert says(messages, "observation_outside_space") == messages[1]
    assert says(messages, "memory_leak") == ""


@pytest.mark.parametrize(
    ("severities", "soundness"),
    [((), "sound"), (("info",), "sound"), (("info", "caution"), "usable"), (("caution", "blocker"), "unusable")],
)
def test_the_worst_fault_says_how_sound_an_environment_is(severities, soundness):
    faults = tuple(Fault(id=f"f{n}", severity=s, claim="c") for n, s in enumerate(severities))

    assert Examination(faults=faults).soundness == soundness
    assert document(Examination(faults=faults))["soundness"] == soundness


def test_the_text_has_a_row_for_every_fault_with_its_place():
    fault = Fault(id="wrong", severity="caution", claim="it is wrong", place="env.py:3 in step", remedy="mend it")
    lines = examination_text(Examination(name="e", faults=(fault,), steps=7)).splitlines()

    assert lines[0] == "e: usable, with conditions"
    assert "[!] wrong  env.py:3 in step" in lines
    assert "[!] wrong: it is wrong, at env.py:3 in step" in lines
    assert json.loads(json.dumps(document(Examination(faults=(fault,)))))["faults"][0]["place"] == "env.py:3 in step"


@pytest.mark.parametrize(("key", "remedy"), [("proffit", "did you mean 'profit'?"), ("profit", None)])
def test_a_key_of_the_objective_that_never_comes_is_a_condition_with_the_nearest_one(key, remedy):
    objective = Objective(info=key)
    spec = EnvironmentSpec(
        name="own",
        entry_point="faulty.py:Profit",
        path=".",
        memory_mb=1000,
        kwargs={"fault": "none"},
        objective=objective,
    )
    found = examine(ProbePlan(spec_text="", spec=spec, spec_dir=str(ENVIRONMENTS), trust=True), checkers=False)

    told = [fault for fault in found.faults if fault.id == "objective_not_tested"]
    assert [(fault.severity, fault.remedy) for fault in told] == ([("caution", remedy)] if remedy else [])
