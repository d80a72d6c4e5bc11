"""What a person can do with the spec and the report: draft, edit, save, render; and starting a probe of the spec.

Like `steps`: a session in, a service called, a new session out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

from scoper.domain.dossier import Dossier
from scoper.domain.probe import ProbePlan
from scoper.errors import InputError, Problem, UsageError
from scoper.interfaces.tui import words
from scoper.interfaces.tui.session import ProbeView, Session, SpecDesk
from scoper.services import files, scoping, strict_yaml

MAIN_FILE = "mdp.yaml"
_FORMATS: Mapping[str, Literal["md", "html", "json"]] = {".html": "html", ".htm": "html", ".json": "json"}


def open_spec(session: Session) -> Session:
    """The spec that the case names, else the one saved in the scaffold folder, else a fresh draft."""
    path = _named(session) or folder_of(session) / MAIN_FILE
    if path.exists():
        text = strict_yaml.read_text(path)
        return replace(session, spec=SpecDesk(path, text, saved=True, problems=_problems(text, path)))
    return replace(session, spec=_drafted(session), saved="Drafted, not saved yet")


def edit_spec(session: Session, text: str) -> Session:
    """The text as typed so far, with what is wrong in it."""
    if session.spec is None or session.spec.text == text:
        return session
    problems = _problems(text, session.spec.path) if session.spec.probeable else _to_fill(text, session.spec.path)
    return replace(session, spec=replace(session.spec, text=text, problems=problems, saved=False), saved="Not saved")


def save_spec(session: Session) -> Session:
    """The spec on the disk, a fresh draft together with the files that travel with it."""
    desk = session.spec
    assert desk is not None
    if desk.draft is not None and not desk.path.exists():
        from scoper.services.scaffolding import write_draft

        changed = replace(desk.draft, files={**desk.draft.files, desk.path.name: desk.text})
        write_draft(changed, desk.path.parent)
    else:
        files.write_atomic(desk.path, desk.text, overwrite=True)
    return replace(session, spec=replace(desk, saved=True), saved=f"Saved {words.place(desk.path)}", report="")


def plan_probe(session: Session, budget: str, trust: bool) -> tuple[Session, ProbePlan]:
    """A plan for the spec on the desk and the session in which its probe runs."""
    from scoper.services.probing import make_plan

    desk = session.spec
    if desk is None or not desk.probeable:
        raise UsageError(Problem("nothing-to-probe", "there is no MDP spec to probe", remedy="see the step Spec"))
    plan = make_plan(desk.text, words.place(desk.path), desk.path.parent, budget=budget, trust=trust)
    view = ProbeView(status="running", spec_digest=plan.spec_digest)
    return replace(session, probe=view, saved="Probe started", report=""), plan


def make_report(session: Session) -> Session:
    """The report as Markdown, ready to be read."""
    from scoper.services.reporting import render

    return replace(session, report=render(dossier_of(session), "md"))


def save_report(session: Session, name: str, overwrite: bool = False) -> Session:
    """The report as a file; the ending of the name chooses Markdown, HTML or JSON."""
    from scoper.services.reporting import write_report

    assert session.file is not None
    path = session.file.path.parent / name
    write_report(dossier_of(session), path, _FORMATS.get(path.suffix.lower(), "md"), overwrite=overwrite)
    return replace(session, saved=f"Saved {words.place(path)}")


def dossier_of(session: Session) -> Dossier:
    """Everything known so far as the one value that a report is made of."""
    desk, result = session.spec, session.probe.result
    if desk is None or not desk.probeable:
        return scoping.make_dossier(session.case, session.library)
    notes = tuple(problem.sentence() for problem in desk.problems)
    return scoping.make_dossier(
        session.case,
        session.library,
        spec_text=desk.text,
        spec_name=desk.path.name,
        spec_notes=notes,
        result=result,
    )


def folder_of(session: Session) -> Path:
    """Where the scaffold of the case goes: a folder beside it."""
    assert session.file is not None
    return session.file.path.parent / f"{session.file.path.stem}_scaffold"


def _named(session: Session) -> Path | None:
    assert session.file is not None
    return session.file.path.parent / session.case.spec if session.case.spec else None


def _drafted(session: Session) -> SpecDesk:
    from scoper.services.scaffolding import draft

    assert session.interview is not None
    made = draft(session.case, session.interview.verdict, session.library)
    name = MAIN_FILE if MAIN_FILE in made.files else next(iter(made.files))
    return SpecDesk(folder_of(session) / name, made.files[name], saved=False, problems=made.unfilled, draft=made)


def _problems(text: str, path: Path) -> tuple[Problem, ...]:
    from scoper.services.specs import parse_spec

    try:
        parse_spec(text, path.name)
    except InputError as error:
        return error.problems
    return ()


def _to_fill(text: str, path: Path) -> tuple[Problem, ...]:
    rows = enumerate(text.splitlines(), start=1)
    found = [(number, row.index("TODO") + 1) for number, row in rows if "TODO" in row]
    return tuple(Problem("scaffold-unfilled", "still to be filled in", path.name, line, at) for line, at in found)
