"""The doctor as the probe's first stage: every fault once, with its line, and what it means for the verdict."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from scoper.domain.doctor import Checker, Fault
from scoper.domain.findings import Finding
from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.probe import ProbePlan
from scoper.probe.doctor.stage import examine_first
from scoper.probe.doctor.table import table_of
from scoper.probe.loading import environment_factory
from scoper.probe.session import Session
from scoper.probe.shelter import Pulse

SICK = Path(__file__).parent / "environments" / "sick"
SEVERAL = (
    "import gymnasium, numpy as np\n"
    "class Env(gymnasium.Env):\n"
    "    observation_space = gymnasium.spaces.Box(0, 1, (2,), np.float32)\n"
    "    action_space = gymnasium.spaces.Discrete(2)\n"
    "    def reset(self, *, seed=None, options=None):\n"
    "        super().reset(seed=seed)\n"
    "        self.t = 0\n"
    "        return np.zeros(2, np.float32), {}\n"
    "    def step(self, action):\n"
    "        self.t += 1\n"
    "        noise = np.random.random()\n"
    "        observation = np.full(2, 3 * noise, np.float32)\n"
    "        reward = float('nan') if self.t == 9 else 1.0\n"
    "        return observation, reward, int(self.t == 10), False, {}\n"
)


@pytest.fixture
def probed(events_of):
    def probe(file, **kwargs):
        spec = EnvironmentSpec(name=file.stem, entry_point=f"{file.name}:Env", path=".", memory_mb=600, kwargs=kwargs)
        plan = ProbePlan(spec_text="", spec=spec, spec_dir=str(file.parent), trust=True, budget_s=30.0, silence_s=5.0)
        return events_of(plan.model_copy(update={"learning_steps": 200}))[-1]

    return probe


@pytest.mark.slow
def test_one_pass_names_every_fault_once_with_its_line_and_the_blocker_decides(tmp_path, probed):
    file = tmp_path / "several.py"
    file.write_text(SEVERAL)
    result = probed(file).result
    rows = {row.kind: row for row in result.doctor if row.check == "scoper"}

    assert result.verdict == "reward_defective"
    assert {"nan_or_inf_reward", "observation_outside_space", "flag_type", "global_rng"} <= rows.keys()
    assert rows["nan_or_inf_reward"].matters == "verdict"
    assert rows["flag_type"].matters == "condition"
    assert rows["global_rng"].where == "several.py:11 in step"
    assert len(result.findings) == len({finding.code for finding in result.findings})


@pytest.mark.slow
def test_a_crash_ends_the_probe_after_the_pass_and_keeps_what_else_was_found(tmp_path, probed):
    file = tmp_path / "several.py"
    file.write_text(SEVERAL.replace("reward = float('nan') if self.t == 9 else 1.0", "reward = [1.0][self.t == 9]"))
    last = probed(file)
    rows = {row.kind: row for row in last.result.doctor if row.check == "scoper"}

    assert (last.kind, last.code) == ("failed", "crash")
    assert rows["environment_crash"].where == "several.py:13 in step"
    assert rows["environment_crash"].matters == "verdict"
    assert "flag_type" in rows
    assert [finding.code for finding in last.result.findings].count("environment_crash") == 1


@pytest.fixture
def visited():
    """The first stage alone, in this process: its findings and its table."""

    def visit(file):
        spec = EnvironmentSpec(name=file.stem, entry_point=f"{file.name}:Env", path=".")
        plan = ProbePlan(spec_text="", spec=spec, spec_dir=str(file.parent), trust=True)
        session = Session(plan, lambda event: None, Pulse())
        found = examine_first(session, spec, environment_factory(spec, file.parent), None)
        return session.findings, found.table(session)

    return visit


@pytest.mark.slow
def test_a_fault_that_changes_no_number_is_a_condition_and_ends_nothing(visited):
    findings, table = visited(SICK / "integer_flags.py")

    assert [(finding.code, finding.severity) for finding in findings] == [("flag_type", "caution")]
    assert [(row.kind, row.matters) for row in table if row.check == "scoper"] == [("flag_type", "condition")]


def test_what_the_diagnostics_judge_from_all_episodes_is_a_row_and_no_finding_of_the_first_stage(visited):
    findings, table = visited(SICK / "ends_at_once.py")

    assert [finding.code for finding in findings] == []
    assert "episode_of_one_step" in [row.kind for row in table]


def test_stable_baselines3s_checker_is_asked_only_where_the_package_is_loaded_anyway(visited, monkeypatch):
    sane = SICK.parent / "sane" / "deterministic.py"
    monkeypatch.setattr("scoper.probe.doctor.checkers.ask", lambda name, *_: Checker(name=name, verdict="passed"))
    monkeypatch.delitem(sys.modules, "stable_baselines3", raising=False)
    without = {row.check: row.kind for row in visited(sane)[1]}
    monkeypatch.setitem(sys.modules, "stable_baselines3", ModuleType("stable_baselines3"))

    assert without == {"gymnasium": "passed", "stable_baselines3": "not_run"}
    assert {row.check: row.kind for row in visited(sane)[1]} == {"gymnasium": "passed", "stable_baselines3": "passed"}


@pytest.mark.slow
def test_the_first_stage_finds_the_same_again(visited):
    assert visited(SICK / "own_generator.py") == visited(SICK / "own_generator.py")


def test_a_checkers_refusal_matters_as_much_as_the_fault_that_it_speaks_of():
    fault = Fault(id="reset_options", severity="info", claim="reset takes no options")
    finding = Finding(code="reset_options", severity="info", claim="reset takes no options")
    about, other = "reset: missing parameter options", "the environment has no render_fps"
    checkers = [Checker(name="gymnasium", verdict="refused", messages=(other, about))]
    rows = table_of([fault], checkers, ["seeds"], [finding])

    assert [(row.check, row.kind, row.matters) for row in rows] == [
        ("scoper", "reset_options", "no"),
        ("scoper", "not_examined", "no"),
        ("gymnasium", "warned", "no"),
        ("gymnasium", "refused", "no"),
        ("stable_baselines3", "not_run", "no"),
    ]
    heavier = finding.model_copy(update={"severity": "caution"})
    assert [row.matters for row in table_of([fault], checkers, [], [heavier])] == [
        "condition",
        "no",
        "condition",
        "no",
    ]


def test_a_question_that_the_probe_answered_later_is_not_left_open():
    asked = ["whether episodes end: only 3000 timesteps fitted into the time", "whether memory grows: too few"]
    finding = Finding(code="no_episode_end", severity="caution", claim="no episode ended within 1,000 timesteps")

    kinds = [(row.kind, row.says) for row in table_of([], [], asked, [finding])]
    assert kinds[:2] == [("no_episode_end", finding.claim), ("not_examined", asked[1])]
    assert [row.says for row in table_of([], [], asked, []) if row.kind == "not_examined"] == asked
