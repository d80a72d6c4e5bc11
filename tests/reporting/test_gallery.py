from __future__ import annotations

from pathlib import Path

import pytest

from scoper.domain.dossier import Dossier
from scoper.services.gallery import all_files, differences, example_cases, gallery_folder, write_gallery
from scoper.services.library import load_library
from scoper.services.report_data import load_report_data
from scoper.services.reporting import figures, render

EXAMPLES = [path.stem for path in example_cases()]


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_stored_report_is_what_its_stored_dossier_renders_to(name: str) -> None:
    folder = gallery_folder() / name
    dossier = Dossier.model_validate_json((folder / "dossier.json").read_text(encoding="utf-8"))
    data = load_report_data()
    assert render(dossier, "md", data=data) == (folder / "report.md").read_text(encoding="utf-8")
    for relative, svg in figures(dossier).items():
        assert svg == (folder / relative).read_text(encoding="utf-8")


def test_the_gallery_shows_each_technique_of_the_article_and_a_deep_learner() -> None:
    found = set()
    for name in EXAMPLES:
        dossier = Dossier.model_validate_json((gallery_folder() / name / "dossier.json").read_text(encoding="utf-8"))
        assert dossier.verdict_is_current
        assert dossier.result is None or dossier.result_is_current
        if dossier.project is None:
            found.add(dossier.verdict.technique)
        if dossier.result is not None and "stable-baselines3" in dossier.result.provenance["versions"]:
            found.add("deep")
    assert found == {"reinforcement_learning", "llm_orchestration", "plain_automation", "deep"}


@pytest.mark.slow
def test_the_examples_made_again_equal_the_gallery_byte_for_byte() -> None:
    library = load_library()
    expected = all_files(library, load_report_data(None, library.questions), gallery_folder())
    assert differences(expected, gallery_folder()) == ()


def test_differences_name_what_is_missing_changed_and_too_much(tmp_path: Path) -> None:
    files = {"README.md": "a\nb\n", "one/report.md": "x\n"}
    assert write_gallery(files, tmp_path) == ("README.md: missing", "one/report.md: missing")
    assert differences(files, tmp_path) == ()
    (tmp_path / "README.md").write_text("a\nc\n", encoding="utf-8")
    (tmp_path / "extra.md").write_text("", encoding="utf-8")
    (tmp_path / "one" / "report.md").unlink()
    told = differences(files, tmp_path)
    assert told == (
        "README.md: differs from line 2 on",
        "extra.md: not made from any example",
        "one/report.md: missing",
    )
    write_gallery(files, tmp_path)
    assert differences(files, tmp_path) == ()
