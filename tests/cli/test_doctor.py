"""`scoper doctor` as people and programs use it."""

import json
from pathlib import Path

import pytest

from scoper.domain.doctor import DoctorRow
from scoper.interfaces.cli.doctor_text import contract_text
from scoper.interfaces.cli.main import main

SICK = Path(__file__).parents[1] / "probe" / "environments" / "sick"


@pytest.fixture
def spec(tmp_path):
    def write(name):
        file = tmp_path / "mdp.yaml"
        environment = f"{{entry_point: '{name}.py:Env', path: '{SICK}'}}"
        file.write_text(f"scoper_mdp: 1\nname: {name}\nenvironment: {environment}\n")
        return str(file)

    return write


@pytest.mark.slow
def test_the_document_holds_one_row_a_fault_and_the_gate_says_how_bad_it_is(spec, capsys):
    code = main(["doctor", spec("old_step"), "--alone", "--trust", "--json", "--quiet", "--fail-on", "blocker"])
    output = capsys.readouterr()
    document = json.loads(output.out)

    assert code == 1
    assert output.err == ""
    assert (document["format"], document["soundness"], document["checkers"]) == (1, "unusable", [])
    (fault,) = document["faults"]
    assert fault["id"] == "step_signature"
    assert fault["place"] == "old_step.py:9 in step"
    assert fault.keys() == {
        *("id", "severity", "claim", "place", "evidence", "remedy"),
        *("gymnasium", "stable_baselines3"),
    }


def test_a_crash_is_a_row_and_no_failure_of_the_command(spec, capsys):
    assert main(["doctor", spec("raises_in_constructor"), "--alone", "--trust", "--quiet"]) == 0

    output = capsys.readouterr()
    assert output.out.startswith("raises_in_constructor: not usable as it is\n")
    assert "[x] environment_crash" in output.out
    assert output.err == ""


def test_without_consent_nothing_runs_and_the_exit_code_is_3(spec, capsys):
    assert main(["doctor", spec("segfaults"), "--no-input"]) == 3

    output = capsys.readouterr()
    assert output.out == ""
    assert "--trust" in output.err


def test_an_unknown_id_gets_the_nearest_one_and_exit_2(capsys):
    assert main(["doctor", "CartPool-v1", "--alone", "--quiet"]) == 2

    output = capsys.readouterr()
    assert "did you mean 'CartPole-v1'?" in output.err
    assert "Traceback" not in output.err


def test_the_probes_table_says_what_each_row_means_for_the_verdict():
    rows = (
        DoctorRow(check="scoper", kind="flag_type", says="a fault", where="walk.py:9 in step", matters="condition"),
        DoctorRow(check="gymnasium", kind="refused", says="no options", matters="no"),
    )

    assert contract_text(rows) == [
        "Contract of the environment:",
        "  check      what       place              matters",
        "  scoper     flag_type  walk.py:9 in step  a condition",
        "  gymnasium  refused    -                  no",
        "      no options",
    ]
    assert contract_text(()) == []
