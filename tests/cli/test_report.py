"""`scoper report` as people and programs use it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from scoper.domain.dossier import Dossier
from scoper.domain.probe import ProbeResult
from scoper.interfaces.cli.main import main
from scoper.services.specs import spec_digest

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
CASE = EXAMPLES / "invoice_approval.yaml"
LEARNS = EXAMPLES / "warehouse_reorder.yaml"


def test_the_ending_of_the_file_chooses_the_format(tmp_path: Path) -> None:
    beginnings = {"md": "# Approve supplier invoices\n", "html": "<!DOCTYPE html>", "json": "{"}
    for ending, beginning in beginnings.items():
        target = tmp_path / f"report.{ending}"
        assert main(["report", str(CASE), "-o", str(target)]) == 0
        assert target.read_text(encoding="utf-8").startswith(beginning)


def test_a_named_format_wins_over_the_ending(tmp_path: Path) -> None:
    target = tmp_path / "report.txt"
    assert main(["report", str(CASE), "-o", str(target), "--format", "json"]) == 0
    dossier = Dossier.model_validate_json(target.read_text(encoding="utf-8"))
    assert dossier.verdict.technique == "plain_automation"


def test_a_dash_prints_the_report_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(CASE), "-o", "-"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("# Approve supplier invoices\n")
    assert printed.err == ""


def test_an_existing_report_is_kept_unless_forced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "report.md"
    target.write_text("mine", encoding="utf-8")
    assert main(["report", str(CASE), "-o", str(target)]) == 4
    assert "--force" in capsys.readouterr().err
    assert target.read_text(encoding="utf-8") == "mine"
    assert main(["report", str(CASE), "-o", str(target), "--force"]) == 0
    assert target.read_text(encoding="utf-8") != "mine"
    capsys.readouterr()
    assert main(["report", str(CASE), "-o", str(target)]) == 4
    assert capsys.readouterr().err.startswith(f"scoper: error[file-exists]: {target}: ")  # its figures come after it


def test_a_faulty_case_gives_its_places_and_no_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case, target = tmp_path / "case.yaml", tmp_path / "report.md"
    case.write_text("scoper: 1\ntitle: T\nanswers:\n  known_rule: yes\n  reward_measurable: ye\n", encoding="utf-8")
    assert main(["report", str(case), "-o", str(target)]) == 2
    told = capsys.readouterr().err
    assert "case.yaml:4:3" in told
    assert "case.yaml:5:22" in told
    assert not target.exists()


def test_a_result_that_is_none_is_refused_with_a_remedy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for text in ("not json", "[]", '{"format": 1}', "[" * 100_000):
        result = tmp_path / "result.json"
        result.write_text(text, encoding="utf-8")
        assert main(["report", str(CASE), "-o", str(tmp_path / "r.md"), "--result", str(result)]) == 2
        told = capsys.readouterr().err
        assert "scoper probe" in told
        assert "Traceback" not in told
    assert not (tmp_path / "r.md").exists()


def test_a_spec_outside_the_folder_of_the_case_is_not_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cases").mkdir()
    (tmp_path / "secret.yaml").write_text("secret", encoding="utf-8")
    case = tmp_path / "cases" / "case.yaml"
    case.write_text("scoper: 1\ntitle: T\nspec: ../secret.yaml\nanswers: {}\n", encoding="utf-8")
    assert main(["report", str(case), "-o", str(tmp_path / "r.md")]) == 2
    told = capsys.readouterr().err
    assert "case.yaml" in told
    assert "'secret'" not in told


def test_an_ending_that_is_no_report_or_another_format_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments, advice in (
        (["r.pdf"], "print the .html"),
        (["r.txt"], "--format"),
        (["r.html", "--format", "md"], "--format says md"),
    ):
        target = tmp_path / arguments[0]
        assert main(["report", str(CASE), "-o", str(target), *arguments[1:]]) == 2
        assert advice in capsys.readouterr().err
        assert not target.exists()


def test_a_case_given_as_a_spec_is_called_a_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(LEARNS), "-o", str(tmp_path / "r.md"), "--spec", str(CASE)]) == 2
    told = capsys.readouterr().err
    assert "this is a case, not an MDP spec" in told
    assert len(told.splitlines()) == 1


@pytest.mark.slow
def test_a_result_beside_the_spec_is_taken_when_it_was_measured_on_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec, result = tmp_path / "mdp.yaml", tmp_path / "result.json"
    spec.write_bytes((EXAMPLES / "warehouse_reorder.mdp.yaml").read_bytes())
    call = ["report", str(LEARNS), "-o", "-", "--spec", str(spec)]
    for digest, current in ((spec_digest(spec.read_text(encoding="utf-8")), True), ("another", False)):
        measured = ProbeResult(spec={"name": "n", "digest": digest}, verdict="infeasible", criterion="c")
        result.write_text(measured.model_dump_json(), encoding="utf-8")
        assert main(call) == 0
        printed = capsys.readouterr()
        assert ("**Infeasible.**" in printed.out, str(result) in printed.err) == (current, current)
        assert ("Not probed yet" in printed.out) is not current
    result.write_text("mine", encoding="utf-8")
    assert main(call) == 0


def test_a_date_stands_in_the_report_only_when_the_environment_states_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    main(["report", str(CASE), "-o", "-"])
    assert "| date |" not in capsys.readouterr().out
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")  # 2023-11-14 22:13:20 UTC
    main(["report", str(CASE), "-o", "-"])
    assert "| date | 2023-11-14 |" in capsys.readouterr().out
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    assert main(["report", str(CASE), "-o", "-"]) == 2


def test_with_json_one_document_names_the_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "report.md"
    assert main(["report", str(CASE), "-o", str(target), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    drawn = sorted(str(path) for path in (tmp_path / "report_figures").iterdir())
    assert document["report"] == str(target)
    assert sorted(document["files"]) == sorted([*drawn, str(target)])
    assert document["files"][-1] == str(target)
    assert drawn


@pytest.mark.slow
def test_reporting_imports_no_learner_no_environment_and_no_screen() -> None:
    program = (
        "import sys\n"
        "from scoper.interfaces.cli.main import main\n"
        f"code = main(['report', {str(CASE)!r}, '-o', '-', '--format', 'html'])\n"
        "heavy = {'torch', 'stable_baselines3', 'gymnasium', 'textual', 'matplotlib'} & set(sys.modules)\n"
        "sys.exit(code or len(heavy))\n"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=False).returncode == 0


def test_a_report_never_replaces_what_it_is_made_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = tmp_path / "case.yaml"
    case.write_text(CASE.read_text(encoding="utf-8"), encoding="utf-8")
    before = case.read_bytes()

    assert main(["report", str(case), "-o", str(case), "--format", "md", "--force"]) == 2
    assert "replace a file that it is made from" in capsys.readouterr().err
    assert case.read_bytes() == before


@pytest.mark.parametrize(("own", "of"), [(True, "another spec"), (False, "a spec that this report was not given")])
def test_a_result_of_another_spec_is_told_beside_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], own: bool, of: str
) -> None:
    without = tmp_path / "case.yaml"
    without.write_text("scoper: 1\ntitle: No spec\nanswers: {known_rules: no}\n", encoding="utf-8")
    case = LEARNS if own else without
    other = tmp_path / "other.json"
    result = ProbeResult(spec={"name": "x", "digest": "older"}, verdict="feasible", criterion="discounted")
    other.write_text(result.model_dump_json(), encoding="utf-8")

    assert main(["report", str(case), "-o", str(tmp_path / "r.md"), "--result", str(other)]) == 0
    assert f"result: {other} was measured on {of}; the report shows it as stale" in capsys.readouterr().err
