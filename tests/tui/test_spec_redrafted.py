"""A draft saved over the one before: what nobody changed is replaced, what was edited is kept and named."""

from __future__ import annotations

from pathlib import Path

from scoper.interfaces.tui import spec_steps, steps
from scoper.interfaces.tui.session import Session
from scoper.services.library import Library


def redrafted(folder: Path, library: Library, edit: str = "") -> Session:
    """A saved scaffold, one of its files edited, and the draft that an answer about how to go about it leads to."""
    case = folder / "rules.yaml"
    case.write_text("scoper: 1\ntitle: Rules\nanswers: {known_rules: yes}\n", encoding="utf-8")
    saved = spec_steps.save_spec(steps.go(steps.open_case(Session(library), case), "spec"))
    assert saved.spec is not None
    if edit:
        (saved.spec.path.parent / edit).write_text("mine", encoding="utf-8")
    given = {"steps_fixed": "yes", "automation_output": "records", "system_access": "programmatic"}
    for signal, value in given.items():
        saved = steps.answer(steps.ask(saved, signal), value)
    return steps.go(saved, "spec")


def test_saving_another_draft_replaces_files_that_nobody_changed(folder: Path, library: Library) -> None:
    session = redrafted(folder, library)
    assert session.spec is not None
    assert session.spec.draft is not None
    assert not session.spec.saved
    after = spec_steps.save_spec(session)

    written = session.spec.path.parent / "first_week.md"
    assert written.read_text(encoding="utf-8") == session.spec.draft.files["first_week.md"]
    assert after.spec is not None
    assert after.spec.saved
    assert "kept" not in after.saved


def test_saving_another_draft_keeps_and_names_edited_files(folder: Path, library: Library) -> None:
    session = redrafted(folder, library, edit="first_week.md")
    assert session.spec is not None
    after = spec_steps.save_spec(session)

    assert (session.spec.path.parent / "first_week.md").read_text(encoding="utf-8") == "mine"
    assert session.spec.path.exists()
    assert "kept as edited: rules_scaffold/first_week.md" in after.saved
