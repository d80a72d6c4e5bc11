"""`scoper run`: everything in one go, without a terminal."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from scoper.domain.dossier import Dossier
from scoper.domain.probe import ProbePlan, ProbeResult
from scoper.interfaces.cli.main import main
from scoper.services.specs import spec_digest

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


@pytest.fixture
def probed(monkeypatch: pytest.MonkeyPatch) -> list[ProbePlan]:
    """The plans that would have been probed; each gets a result without numbers."""
    plans: list[ProbePlan] = []

    def note(plan: ProbePlan, on_event: object = None) -> ProbeResult:
        plans.append(plan)
        return ProbeResult(spec={"name": "n", "digest": plan.spec_digest}, verdict="not_shown", criterion="c")

    monkeypatch.setattr("scoper.services.probing.probe", note)
    return plans


def test_a_case_without_learning_gets_verdict_scaffold_and_reports(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["run", str(PLAIN), "-o", str(out)]) == 0
    printed = capsys.readouterr()
    assert printed.out == f"{out / 'report.md'}\n"
    assert "plain automation" in printed.err
    written = {"verdict.json", "report.md", "report.html", "report_figures", "dossier.json", "scaffold"}
    assert {p.name for p in out.iterdir()} == written
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


@pytest.fixture
def unspecified(tmp_path: Path) -> Path:
    """The warehouse case without the spec that it names."""
    lines = LEARNS.read_text(encoding="utf-8").splitlines(keepends=True)
    path = tmp_path / "case.yaml"
    path.write_text("".join(line for line in lines if not line.startswith("spec:")), encoding="utf-8")
    return path


@pytest.mark.slow
def test_a_spec_that_was_filled_in_is_kept_and_probed(
    unspecified: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], probed: list[ProbePlan]
) -> None:
    out = tmp_path / "out"
    assert main(["run", str(unspecified), "-o", str(out)]) == 0
    assert probed == []
    spec = out / "scaffold" / "mdp.yaml"
    text = spec.read_text(encoding="utf-8")
    half = text.replace("poisson: TODO", "poisson: 3")
    spec.write_text(half, encoding="utf-8")
    assert main(["run", str(unspecified), "-o", str(out), "--force"]) == 0
    assert (spec.read_text(encoding="utf-8"), probed) == (half, [])
    filled = half.replace("-TODO", "-2")
    spec.write_text(filled, encoding="utf-8")
    for _ in range(2):
        capsys.readouterr()
        assert main(["run", str(unspecified), "-o", str(out), "--force"]) == 0
        assert spec.read_text(encoding="utf-8") == filled
        assert f"spec: {spec}, which was edited and is kept" in capsys.readouterr().err
    assert [plan.spec_text for plan in probed] == [filled, filled]
    assert "not yours" not in (out / "scaffold" / "env.py").read_text(encoding="utf-8")
    assert "Still to be filled in" not in (out / "report.md").read_text(encoding="utf-8")


def test_a_spec_named_on_the_command_line_is_the_one_that_is_probed(
    unspecified: Path, tmp_path: Path, probed: list[ProbePlan]
) -> None:
    spec = EXAMPLES / "warehouse_reorder.mdp.yaml"
    assert main(["run", str(unspecified), "-o", str(tmp_path / "out"), "--spec", str(spec)]) == 0
    assert [plan.spec_text for plan in probed] == [spec.read_text(encoding="utf-8")]


def test_a_result_at_hand_is_reported_and_nothing_is_probed(tmp_path: Path, probed: list[ProbePlan]) -> None:
    result = tmp_path / "measured.json"
    digest = spec_digest((EXAMPLES / "warehouse_reorder.mdp.yaml").read_text(encoding="utf-8"))
    measured = ProbeResult(spec={"name": "n", "digest": digest}, verdict="not_shown", criterion="c")
    result.write_text(measured.model_dump_json(), encoding="utf-8")
    assert main(["run", str(LEARNS), "-o", str(tmp_path / "out"), "--result", str(result)]) == 0
    assert probed == []
    assert "**Not shown.**" in (tmp_path / "out" / "report.md").read_text(encoding="utf-8")


def test_a_file_in_place_of_the_folder_is_called_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "report.md"
    target.write_text("mine", encoding="utf-8")
    for force in ([], ["--force"]):
        assert main(["run", str(PLAIN), "-o", str(target), *force]) == 4
        assert "this is a file, not a folder" in capsys.readouterr().err
    assert target.read_text(encoding="utf-8") == "mine"


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
