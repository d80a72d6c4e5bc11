"""`scoper run`: everything in one go, without a terminal."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from scoper.domain.dossier import Dossier
from scoper.domain.probe import ProbeResult
from scoper.interfaces.cli.main import main

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
PLAIN = EXAMPLES / "invoice_approval.yaml"
LEARNS = EXAMPLES / "warehouse_reorder.yaml"
CRASHES = """
import os
import gymnasium


class Crashes(gymnasium.Env):
    observation_space = gymnasium.spaces.Discrete(4)
    action_space = gymnasium.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return 0, {}

    def step(self, action):
        os.abort()
"""


def test_a_case_without_learning_gets_verdict_scaffold_and_reports(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["run", str(PLAIN), "-o", str(out)]) == 0
    printed = capsys.readouterr()
    assert printed.out == f"{out / 'report.md'}\n"
    assert "plain automation" in printed.err
    assert {"verdict.json", "report.md", "report.html", "dossier.json", "scaffold"} == {p.name for p in out.iterdir()}
    assert any((out / "scaffold").iterdir())
    assert (out / "report.md").read_text(encoding="utf-8").startswith("# Approve supplier invoices")


def test_the_verdict_file_is_what_assess_prints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["run", str(PLAIN), "-o", str(tmp_path / "out"), "--quiet"])
    capsys.readouterr()
    main(["assess", str(PLAIN), "--json"])
    assert json.loads((tmp_path / "out" / "verdict.json").read_text(encoding="utf-8")) == json.loads(
        capsys.readouterr().out
    )


def test_a_folder_that_is_in_use_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    assert main(["run", str(PLAIN), "-o", str(tmp_path)]) == 4
    assert "--force" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert main(["run", str(PLAIN), "-o", str(tmp_path), "--force"]) == 0
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_a_faulty_case_writes_nothing(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text("scoper: 1\ntitle: T\nanswers:\n  nonsense: yes\n", encoding="utf-8")
    assert main(["run", str(case), "-o", str(tmp_path / "out")]) == 2
    assert not (tmp_path / "out").exists()


def test_a_spec_with_open_lines_is_not_probed_and_the_report_lists_them(tmp_path: Path) -> None:
    text = "".join(
        line for line in LEARNS.read_text(encoding="utf-8").splitlines(keepends=True) if not line.startswith("spec:")
    )
    case = tmp_path / "case.yaml"
    case.write_text(text, encoding="utf-8")
    assert main(["run", str(case), "-o", str(tmp_path / "out")]) == 0
    report = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert "Still to be filled in before it can run" in report
    assert not (tmp_path / "out" / "result.json").exists()


@pytest.mark.slow
def test_a_crash_of_the_environment_is_a_finding_of_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = tmp_path / "case.yaml"
    text = LEARNS.read_text(encoding="utf-8").replace("spec: warehouse_reorder.mdp.yaml", "spec: env.yaml")
    case.write_text(text, encoding="utf-8")
    (tmp_path / "crashing.py").write_text(CRASHES, encoding="utf-8")
    spec = 'scoper_mdp: 1\nname: Crash\nenvironment: {entry_point: "crashing:Crashes", path: "."}\ndiscount: 0.9\n'
    (tmp_path / "env.yaml").write_text(spec, encoding="utf-8")
    assert main(["run", str(case), "-o", str(tmp_path / "out"), "--budget", "20", "--trust"]) == 3
    assert "Traceback" not in capsys.readouterr().err
    report = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert "### Blocker:" in report
    assert "SIGABRT" in report
    assert "**Not shown.**" in report


@pytest.mark.slow
def test_the_same_case_and_seed_give_the_same_report_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outs = [tmp_path / name for name in ("one", "two")]
    for out in outs:
        assert main(["run", str(LEARNS), "-o", str(out), "--budget", "quick", "--json"]) == 0
        document = json.loads(capsys.readouterr().out)
        assert document["technique"] == "reinforcement_learning"
        assert document["probe"] in ("feasible", "feasible_with_conditions")
    one, two = ({p.relative_to(out): p.read_bytes() for p in out.rglob("*") if p.is_file()} for out in outs)
    timed = {Path("result.json"), Path("dossier.json")}  # speeds are measured anew
    assert set(one) == set(two)
    assert [name for name in one if one[name] != two[name] and name not in timed] == []


@pytest.mark.slow
def test_a_run_can_be_reported_again_from_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    folder.mkdir()
    for name in (LEARNS.name, "warehouse_reorder.mdp.yaml"):
        shutil.copy(EXAMPLES / name, folder / name)
    out = tmp_path / "out"
    assert main(["run", str(folder / LEARNS.name), "-o", str(out), "--budget", "quick"]) == 0
    again = tmp_path / "again" / "report.md"
    result = out / "result.json"
    assert main(["report", str(folder / LEARNS.name), "-o", str(again), "--result", str(result)]) == 0
    assert again.read_bytes() == (out / "report.md").read_bytes()
    dossier = Dossier.model_validate_json((out / "dossier.json").read_text(encoding="utf-8"))
    assert dossier.result == ProbeResult.model_validate_json(result.read_text(encoding="utf-8"))
    assert dossier.result_is_current
