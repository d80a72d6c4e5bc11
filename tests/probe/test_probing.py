"""The service: plans, budgets, results, replay, consent."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from scoper.domain.mdp import EnvironmentSpec
from scoper.errors import InputError, ProbeError, StorageError, UsageError
from scoper.services import probing, trust

FOLDER = Path(__file__).parent / "environments"
FAULTY = (
    "scoper_mdp: 1\nname: faulty\nenvironment: {{entry_point: 'faulty.py:Fine', path: ., kwargs: {{fault: {0}}}}}\n"
)
LAKE = probing.environment_spec_text("FrozenLake-v1", {"is_slippery": False})


@pytest.mark.parametrize(
    ("budget", "seconds"), [("quick", 60.0), ("standard", 300.0), ("long", 1800.0), ("90", 90.0), (12, 12.0)]
)
def test_a_budget_is_a_name_or_seconds(budget, seconds):
    plan = probing.make_plan(LAKE, "lake", ".", budget=budget)

    assert plan.budget_s == seconds


@pytest.mark.parametrize("budget", ["quik", "0", "-5", "nan", "inf", ""])
def test_a_budget_that_is_none_is_refused_with_the_names(budget):
    with pytest.raises(UsageError, match=r"quick") as caught:
        probing.make_plan(LAKE, "lake", ".", budget=budget)

    assert caught.value.exit_code == 2


def test_a_slow_simulator_gets_more_silence():
    text = LAKE + "limits: {seconds_per_step: 4.0}\n"

    assert probing.make_plan(text, "lake", ".").silence_s == 4 * probing.make_plan(LAKE, "lake", ".").silence_s


def test_a_broken_spec_is_refused_before_any_process_starts():
    with pytest.raises(InputError) as caught:
        probing.make_plan("scoper_mdp: 1\nname: x\nenvironment: {}\ncolour: red\n", "bad.yaml", ".")

    assert len(caught.value.problems) >= 2


def test_a_case_is_refused_as_one_with_the_commands_that_take_it():
    text = (Path(__file__).parents[2] / "examples" / "warehouse_reorder.yaml").read_text()
    with pytest.raises(InputError, match="this is a case, not an MDP spec") as caught:
        probing.make_plan(text, "w.yaml", ".")

    assert len(caught.value.problems) == 1
    assert "scoper scaffold w.yaml" in caught.value.problems[0].remedy


@pytest.mark.parametrize("value", ["8x8", True, 3, 0.5, None, ["S", "G"], {"a": 1}, "yes", "1e3", "a: b # c"])
def test_an_environment_argument_reaches_the_spec_unchanged(value):
    plan = probing.make_plan(probing.environment_spec_text("Some-v0", {"key": value}), "id", ".")

    assert plan.spec.kwargs == {"key": value}


def test_the_plan_survives_its_way_to_the_child():
    text = (Path(__file__).parents[2] / "examples" / "warehouse_reorder.mdp.yaml").read_text()
    plan = probing.make_plan(text, "warehouse", ".")

    assert type(plan).model_validate_json(plan.model_dump_json()) == plan


@pytest.mark.slow
def test_a_probe_returns_its_result_and_writes_its_events(tmp_path):
    seen, file = [], tmp_path / "probe.jsonl"
    plan = probing.make_plan(LAKE, "lake", ".", learning_steps=20_000)
    result = probing.probe(plan, seen.append, events_path=file)

    assert result.verdict == "feasible"
    assert probing.replay(file) == seen
    assert probing.result_of(probing.replay(file)[-1]) == result


@pytest.mark.slow
def test_the_document_has_every_floor_and_null_for_what_is_unknown():
    result = probing.probe(probing.make_plan(LAKE, "lake", ".", learning_steps=20_000))
    document = json.loads(json.dumps(probing.document(result), allow_nan=False))

    assert document["format"] == 1
    assert set(document["spec"]) == {"name", "digest"}
    assert document["spec"]["digest"]
    assert set(document["returns"]) >= {"random", "idle", "constant", "myopic", "optimal", "q_learning"}
    assert document["returns"]["idle"] is None
    assert set(document["returns"]["random"]) >= {"mean", "low", "high", "n"}
    assert document["objective"] is None
    assert set(document["gap_share"]) >= {"estimate", "low", "high", "n_seeds"}
    assert set(document["basis"].values()) <= {"declared", "cited", "measured", "proved", "extrapolated"}
    assert {"versions", "seed", "budget", "machine"} <= set(document["provenance"])


@pytest.mark.slow
def test_the_idle_action_of_a_spec_is_a_floor():
    result = probing.probe(probing.make_plan(LAKE + "idle_action: 0\n", "lake", ".", learning_steps=20_000))

    assert result.returns["idle"].mean == 0.0
    assert "doing nothing" in result.returns["idle"].policy


@pytest.mark.slow
def test_a_crash_is_an_error_that_carries_the_result_for_the_report():
    plan = probing.make_plan(FAULTY.format("segfault"), "f.yaml", FOLDER, trust=True)
    with pytest.raises(ProbeError, match="SIGSEGV") as caught:
        probing.probe(plan)

    assert caught.value.exit_code == 3
    assert caught.value.result.verdict == "not_shown"
    assert caught.value.result.findings[0].code == "environment_crash"
    assert "Traceback" not in str(caught.value)


def test_a_spec_too_large_for_a_table_is_an_input_error():
    text = (
        "scoper_mdp: 1\nname: big\ndiscount: 0.9\nstate: {x: {from: 0, to: 99999999}}\nactions: {a: {from: 0, to: 1}}\n"
        'next: {x: x}\nreward: {r: "1.0"}\nstart: {x: 0}\n'
    )
    with pytest.raises(InputError, match="too many") as caught:
        probing.probe(probing.make_plan(text, "big.yaml", "."))

    assert str(caught.value).count("big.yaml") == 1


@pytest.mark.slow
async def test_breaking_off_the_iteration_ends_the_child(workers):
    plan = probing.make_plan(FAULTY.format("hang_in_c"), "f.yaml", FOLDER, trust=True)
    events = probing.run_probe(plan)
    async for event in events:
        if event.kind == "stage":
            break
    await asyncio.sleep(0.3)
    await events.aclose()

    assert workers() == set()


def test_a_file_that_holds_no_events_is_refused_with_its_line(tmp_path):
    file = tmp_path / "probe.jsonl"
    file.write_text('{"kind":"started","name":"x"}\n{"kind":"what"}\n')
    with pytest.raises(InputError, match=r"probe\.jsonl:2"):
        probing.replay(file)
    with pytest.raises(StorageError):
        probing.replay(tmp_path / "absent.jsonl")


def test_the_service_imports_no_learner_and_no_environment():
    code = (
        "import sys, scoper.services.probing, scoper.services.trust, scoper.interfaces.cli.commands.probe\n"
        "print([m for m in ('torch', 'gymnasium', 'stable_baselines3', 'textual') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout == "[]\n"


class TestConsent:
    @pytest.fixture(autouse=True)
    def _state(self, monkeypatch, tmp_path):
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    @pytest.fixture
    def spec(self, tmp_path):
        folder = tmp_path / "code"
        folder.mkdir()
        (folder / "envs.py").write_text("class Env: ...\n")
        return EnvironmentSpec(name="mine", entry_point="envs.py:Env", path="code")

    def test_it_is_remembered_for_this_code(self, spec, tmp_path):
        assert "envs.py:Env" in trust.needs_consent(spec, tmp_path)
        trust.remember(spec, tmp_path)

        assert trust.needs_consent(spec, tmp_path) == ""

    def test_changed_code_is_asked_about_again(self, spec, tmp_path):
        trust.remember(spec, tmp_path)
        (tmp_path / "code" / "helper.py").write_text("import os\n")

        assert trust.needs_consent(spec, tmp_path) != ""

    @pytest.mark.parametrize("name", ["weights.npz", "settings.json", "sub/native.so", ".hidden/more.py"])
    def test_any_changed_file_beside_the_code_is_asked_about_again(self, spec, tmp_path, name):
        file = tmp_path / "code" / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"1")
        trust.remember(spec, tmp_path)
        assert trust.needs_consent(spec, tmp_path) == ""
        file.write_bytes(b"2")

        assert trust.needs_consent(spec, tmp_path) != ""

    def test_what_cannot_be_hashed_is_not_remembered(self, spec, tmp_path):
        (tmp_path / "code" / "away").symlink_to(tmp_path, target_is_directory=True)
        trust.remember(spec, tmp_path)

        assert trust.needs_consent(spec, tmp_path) != ""

    def test_a_folder_too_large_is_not_remembered(self, spec, tmp_path, monkeypatch):
        monkeypatch.setattr(trust, "_MOST_BYTES", 10)
        trust.remember(spec, tmp_path)

        assert trust.needs_consent(spec, tmp_path) != ""

    def test_the_package_that_an_id_names_is_part_of_what_is_trusted(self, tmp_path, monkeypatch):
        package = tmp_path / "site" / "theirenvs"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("raise SystemExit('nothing may import this')\n")
        monkeypatch.syspath_prepend(str(tmp_path / "site"))
        named = EnvironmentSpec(name="theirs", id="theirenvs:Env-v0")
        trust.remember(named, tmp_path)
        assert trust.needs_consent(named, tmp_path) == ""
        (package / "data.bin").write_bytes(b"other")

        assert trust.needs_consent(named, tmp_path) != ""

    def test_an_id_of_a_package_that_is_not_there_is_not_remembered(self, tmp_path):
        named = EnvironmentSpec(name="theirs", id="no_such_package_here:Env-v0")
        trust.remember(named, tmp_path)

        assert trust.needs_consent(named, tmp_path) != ""

    def test_other_arguments_are_asked_about_again(self, spec, tmp_path):
        trust.remember(spec, tmp_path)

        assert trust.needs_consent(spec.model_copy(update={"kwargs": {"command": "x"}}), tmp_path) != ""

    @pytest.mark.parametrize("content", ["", "[]", "{", '{"trusted": 3}', "\x00"])
    def test_a_damaged_memory_trusts_nothing(self, spec, tmp_path, content):
        trust.remember(spec, tmp_path)
        (tmp_path / "state" / "scoper" / "trusted.json").write_text(content)

        assert trust.needs_consent(spec, tmp_path) != ""

    @pytest.mark.parametrize(
        "kwargs",
        [
            {"policy": "their.module:Policy"},
            {"layers": [{"make": "other:build"}]},
            {"script": "setup.py"},
            {"env_id": "their_module:Env-v0"},
        ],
    )
    def test_an_argument_that_names_code_needs_consent_although_the_id_is_registered(self, kwargs, tmp_path):
        named = EnvironmentSpec(name="x", id="CartPole-v1", kwargs=kwargs)
        assert "--trust" in trust.needs_consent(named, tmp_path)
        trust.remember(named, tmp_path)

        assert trust.needs_consent(named, tmp_path) == ""

    def test_code_that_an_argument_names_is_part_of_what_is_trusted(self, tmp_path):
        (tmp_path / "setup.py").write_text("1\n")
        named = EnvironmentSpec(name="x", id="CartPole-v1", kwargs={"script": "setup.py"})
        trust.remember(named, tmp_path)
        (tmp_path / "setup.py").write_text("2\n")

        assert trust.needs_consent(named, tmp_path) != ""

    @pytest.mark.parametrize("kwargs", [{"map_name": "8x8"}, {"at": "12:30", "note": "ratio 1:2"}, {"size": 3}])
    def test_arguments_that_name_no_code_need_none(self, kwargs, tmp_path):
        assert trust.needs_consent(EnvironmentSpec(name="x", id="CartPole-v1", kwargs=kwargs), tmp_path) == ""

    def test_a_folder_to_import_from_needs_consent_also_beside_a_registered_id(self, tmp_path):
        assert "--trust" in trust.needs_consent(EnvironmentSpec(name="x", id="CartPole-v1", path="there"), tmp_path)

    @pytest.mark.parametrize("identifier", ["FrozenLake-v1", "CartPole-v1"])
    def test_a_registered_id_needs_none(self, identifier, tmp_path):
        assert trust.needs_consent(EnvironmentSpec(name="x", id=identifier), tmp_path) == ""

    def test_a_declarative_spec_needs_none(self, tmp_path):
        text = (Path(__file__).parents[2] / "examples" / "warehouse_reorder.mdp.yaml").read_text()

        assert trust.needs_consent(probing.make_plan(text, "w", ".").spec, tmp_path) == ""
