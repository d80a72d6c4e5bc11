"""Consent asks again when code changes, and not when scoper writes its own records beside it."""

import pytest

from scoper.domain.mdp import EnvironmentSpec
from scoper.services import trust

SPEC = EnvironmentSpec(name="ours", entry_point="env:Env", path=".")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    home = tmp_path / "project"
    home.mkdir()
    (home / "env.py").write_text("class Env: ...\n")
    trust.remember(SPEC, home)
    return home


def test_a_result_a_case_and_a_spec_beside_the_code_do_not_ask_again(folder):
    (folder / "result.json").write_text("{}")
    (folder / "case.yaml").write_text("# mine\nscoper: 1\ntitle: T\n")
    (folder / "mdp.yaml").write_text("scoper_mdp: 1\nname: N\n")

    assert trust.needs_consent(SPEC, folder) == ""


@pytest.mark.parametrize("name", ["env.py", "weights.pkl", "helper.so", "settings.yaml"])
def test_any_other_change_beside_the_code_asks_again(folder, name):
    (folder / name).write_text("x = 1\n")

    assert trust.needs_consent(SPEC, folder)


def test_the_module_that_an_id_names_asks_again_though_the_specs_folder_has_one_of_its_name(folder, monkeypatch):
    spec = EnvironmentSpec(name="ours", id="env:Ours-v0")
    monkeypatch.syspath_prepend(folder)
    trust.remember(spec, folder)
    before = trust.needs_consent(spec, folder)
    (folder / "env.py").write_text("class Env: x = 1\n")

    assert before == ""
    assert trust.needs_consent(spec, folder)
