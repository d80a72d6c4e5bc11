"""Compiled templates are kept between reports of one process: what users edit or name still counts."""

import os
from pathlib import Path

import pytest

from scoper.services.templating import render_sections


def templates(folder: Path, text: str) -> Path:
    (folder / "sections").mkdir(parents=True, exist_ok=True)
    (folder / "report.md.j2").write_text("{% for one in sections %}{{ one | md }}{% endfor %}\n", encoding="utf-8")
    section = folder / "sections" / "10-only.md.j2"
    section.write_text(f"{text}\n", encoding="utf-8")
    return section


def test_a_template_edited_between_two_reports_counts_in_the_second(tmp_path: Path) -> None:
    section = templates(tmp_path, "before")
    assert render_sections(tmp_path, {}) == "before\n"
    section.write_text("after\n", encoding="utf-8")
    then = section.stat().st_mtime + 2
    os.utime(section, (then, then))
    assert render_sections(tmp_path, {}) == "after\n"


def test_one_relative_folder_means_the_templates_below_the_present_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("here", "there"):
        templates(tmp_path / name / "mine", name)
        monkeypatch.chdir(tmp_path / name)
        assert render_sections(Path("mine"), {}) == f"{name}\n"
