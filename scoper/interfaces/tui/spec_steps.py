"""What a person can do with the spec and the report: draft, edit, save, render; and starting a probe of the spec.

Like `steps`: a session in, a service called, a new session out.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from scoper.errors import Problem, ScoperError, StorageError, UsageError
from scoper.interfaces.probe_state import ProbeView
from scoper.interfaces.tui import words
from scoper.interfaces.tui.session import Session, SpecDesk
from scoper.interfaces.tui.spec_faults import problems_of, to_fill
from scoper.services import cases, files, strict_yaml

if TYPE_CHECKING:
    from scoper.domain.dossier import Dossier
    from scoper.domain.probe import ProbePlan

MAIN_FILE = "mdp.yaml"
SPEC_CHANGED = "spec-changed"


def open_spec(session: Session) -> Session:
    """The spec that the case names, else what was saved in the scaffold folder for this verdict, else a fresh draft."""
    from scoper.services.assembling import spec_beside

    assert session.file is not None
    named = spec_beside(session.file)
    fresh = None if named else _drafted(session)
    path = fresh.path if fresh else named
    if path is not None and path.exists():
        text = strict_yaml.read_text(path)
        desk = SpecDesk(path, text, saved=True, on_disk=text, checked=text)
        return replace(session, spec=replace(desk, problems=problems_of(desk)))
    return replace(session, spec=fresh or _drafted(session), saved="Drafted, not saved yet")


def enter(session: Session) -> Session:
    """The session with the spec as its file holds it now, and with the result that is kept beside it.

    Text that is not saved stays as it is, whatever became of the file; `notice` tells.
    """
    desk = session.spec
    if desk is None:
        return recall(open_spec(session))
    if session.unsaved or _present(desk) == desk.on_disk:
        return recall(session)
    if desk.on_disk is not None and not desk.path.exists():
        return replace(session, spec=replace(desk, saved=False, on_disk=None, draft=None), saved="The file is gone")
    return recall(reread_spec(session))


def notice(session: Session) -> Session:
    """The session as it is; raises StorageError (SPEC_CHANGED) where it shows unsaved text of a file that changed."""
    if session.step in ("spec", "probe") and session.spec is not None and session.unsaved:
        _check_unchanged(session.spec)
    return session


def recall(session: Session) -> Session:
    """The session with the result kept beside the spec, unless something was probed or kept in it already."""
    from scoper.interfaces.watching import of_result
    from scoper.services.results import belongs, load_result

    desk = session.spec
    if desk is None or not desk.probeable or session.probe.status != "idle":
        return session
    try:
        kept = load_result(desk.path)
    except ScoperError as error:
        return replace(session, saved=error.problems[0].sentence())
    return replace(session, probe=of_result(kept)) if kept and belongs(kept, desk.text, desk.path.parent) else session


def is_stale(session: Session) -> bool:
    """Whether the probe measured another text of the spec than the one on the desk."""
    return session.spec is not None and session.probe.of_spec != _digest(session.spec)


def reread_spec(session: Session) -> Session:
    """The spec as it now stands in its file; what was typed is dropped."""
    fresh = open_spec(replace(session, spec=None)).spec
    edition = session.spec.edition + 1 if session.spec else 0
    return replace(session, spec=replace(fresh, edition=edition) if fresh else None, saved="Read again from the file")


def type_spec(session: Session, text: str) -> Session:
    """The text as typed so far, not checked yet."""
    if session.spec is None or session.spec.text == text:
        return session
    return replace(session, spec=replace(session.spec, text=text, saved=False), saved="Not saved")


def check_spec(session: Session) -> Session:
    """What is wrong in the text as it stands."""
    desk = session.spec
    if desk is None or desk.checked == desk.text:
        return session
    return replace(session, spec=replace(desk, problems=problems_of(desk), checked=desk.text))


def save_spec(session: Session, over: bool = False) -> Session:
    """The spec on the disk, a fresh draft together with the files that travel with it.

    Of files of an earlier draft those that nobody changed are replaced; those that were edited are kept and named.
    Raises StorageError with the code SPEC_CHANGED when the file changed outside, unless it may be written `over`.
    """
    session = check_spec(session)
    desk = session.spec
    assert desk is not None
    if not over:
        _check_unchanged(desk)
    edited: tuple[Path, ...] = ()
    if desk.draft is not None and not desk.path.exists():
        from scoper.services.scaffolding import redraft

        edited = redraft(replace(desk.draft, files={**desk.draft.files, desk.path.name: desk.text}), desk.path.parent)
    else:
        files.write_atomic(desk.path, desk.text, overwrite=True)
    kept = replace(session, spec=replace(desk, saved=True, on_disk=desk.text), report="")
    also = f"; kept as edited: {', '.join(words.place(path) for path in edited)}" if edited else ""
    said = [f"Saved {words.place(desk.path)}{also}", *_keep_result(kept)]
    return _named_in_case(kept, "; ".join(said))


def plan_probe(session: Session) -> ProbePlan:
    """A plan for the spec on the desk."""
    from scoper.services.probing import make_plan

    desk = session.spec
    if not session.may_probe:
        remedy = "whoever started scoper can allow it: scoper serve --allow-probe"
        raise UsageError(Problem("probe-off", "probing is switched off here", remedy=remedy))
    if desk is None or not desk.probeable:
        raise UsageError(Problem("nothing-to-probe", "there is no MDP spec to probe", remedy="see the step Spec"))
    return make_plan(desk.text, words.place(desk.path), desk.path.parent, budget=session.budget)


def consent_for(plan: ProbePlan) -> str:
    """What to ask before this plan runs code that its spec names; empty when there is nothing to ask."""
    from scoper.services.trust import needs_consent

    return needs_consent(plan.spec, Path(plan.spec_dir)).removesuffix(": --trust")


def trust_code(plan: ProbePlan) -> None:
    """Remember that this code may run, until it changes."""
    from scoper.domain.mdp import EnvironmentSpec
    from scoper.services.trust import remember

    if isinstance(plan.spec, EnvironmentSpec):
        remember(plan.spec, Path(plan.spec_dir))


def begin_probe(session: Session, plan: ProbePlan) -> Session:
    """The session in which this plan runs."""
    path = session.spec.path if session.spec else None
    view = ProbeView(status="running", of_spec=plan.spec_digest, path=path)
    return replace(session, probe=view, saved="Probe started", report="")


def end_probe(session: Session) -> Session:
    """The session after its probe ended or was cancelled; a result is kept beside the spec."""
    view = session.probe
    if view.status == "running":
        ended = replace(view, status="failed", code="cancelled", message="What it measured until then stays here.")
        return replace(session, probe=ended, saved="Probe cancelled")
    if view.path is None:
        return session
    said = ["Probe finished", *_keep_result(session)] if view.status == "finished" else ["Probe failed"]
    return replace(session, saved="; ".join(said), report="")


def told(session: Session, said: str) -> Session:
    """The session with one more thing said."""
    return replace(session, saved=f"{session.saved}; {said}" if session.saved else said)


def next_budget(session: Session) -> Session:
    """Quick, standard, long, and round again."""
    from scoper.domain.probe import BUDGET_S

    names = list(BUDGET_S)
    name = names[(names.index(session.budget) + 1) % len(names)]
    return replace(session, budget=name, saved=f"Budget {budget_words(name)}")


def budget_words(name: str) -> str:
    """A budget with the time that it gives."""
    from scoper.domain.probe import BUDGET_S

    return f"{name} ({BUDGET_S[name]:.0f} s, longer on a busy machine)"


def make_report(session: Session) -> Session:
    """The report as Markdown, ready to be read."""
    from scoper.services.reporting import render

    return replace(session, report=render(dossier_of(session), "md"))


def save_report(session: Session, name: str, overwrite: bool = False) -> Session:
    """The report as a file; the ending of the name chooses Markdown, HTML or JSON, and no other is written."""
    from scoper.services.reporting import format_of, write_report

    assert session.file is not None
    path = session.file.path.parent / name
    write_report(dossier_of(session), path, format_of(name), overwrite=overwrite)
    spec = "; the spec in it is not saved yet" if session.unsaved else ""
    return replace(session, saved=f"Saved {words.place(path)}{spec}")


def dossier_of(session: Session) -> Dossier:
    """Everything known so far as the one value that a report is made of."""
    from scoper.services.assembling import SpecFile, assemble

    assert session.file is not None
    desk = session.spec
    if desk is None or not desk.probeable or not (desk.saved or desk.touched):
        return assemble(session.file, session.library)
    notes = tuple(problem.sentence() for problem in desk.problems)
    spec = SpecFile(desk.path, desk.path.name, desk.text, notes)
    return assemble(session.file, session.library, spec=spec, result=session.probe.result)


def folder_of(session: Session) -> Path:
    """Where the scaffold of the case goes: a folder beside it."""
    assert session.file is not None
    part = f"_{session.file.part}" if session.file.part else ""
    return session.file.path.parent / f"{session.file.path.stem}{part}_scaffold"


def _keep_result(session: Session) -> list[str]:
    """Keep the result that this session measured beside its spec, and say so."""
    from scoper.services.results import save_result

    view = session.probe
    if view.status != "finished" or view.result is None or view.path is None:
        return []
    if not view.path.exists():
        return ["save the spec to keep the result"]
    try:
        return [f"result in {words.place(save_result(view.path, view.result))}"]
    except ScoperError as error:
        return [f"the result is not kept: {error.problems[0].message}"]


def _named_in_case(session: Session, said: str) -> Session:
    """The session whose case names the spec on the desk, so that everything else finds it too."""
    desk, file = session.spec, session.file
    assert desk is not None
    assert file is not None
    if file.case.spec or not desk.probeable:
        return replace(session, saved=said)
    try:
        name = desk.path.relative_to(file.path.parent).as_posix()
        named = cases.set_spec(file, name, session.library.questions)
    except ScoperError as error:
        return replace(session, saved=f"{said}; not named in the case: {error.problems[0].message}")
    return replace(session, file=named, saved=f"{said}; the case names it now")


def _present(desk: SpecDesk) -> str | None:
    return strict_yaml.read_text(desk.path) if desk.path.exists() else None


def _check_unchanged(desk: SpecDesk) -> None:
    if _present(desk) != desk.on_disk:
        message = "the spec file changed on the disk since it was read here"
        raise StorageError(Problem(SPEC_CHANGED, message, words.place(desk.path)))


def _digest(desk: SpecDesk) -> str:
    """Of the text on the desk; files beside it are read again every time."""
    from scoper.services.specs import spec_digest

    return spec_digest(desk.text, desk.path.parent) if "csv" in desk.text else _plain_digest(desk.text)


@lru_cache(maxsize=4)
def _plain_digest(text: str) -> str:
    from scoper.services.specs import spec_digest

    return spec_digest(text)


def _drafted(session: Session) -> SpecDesk:
    from scoper.services.scaffolding import draft

    assert session.interview is not None
    made = draft(session.case, session.interview.verdict, session.library)
    name = MAIN_FILE if MAIN_FILE in made.files else next(iter(made.files))
    path, text = folder_of(session) / name, made.files[name]
    problems = made.unfilled or to_fill(text, path)
    return SpecDesk(path, text, saved=False, checked=text, problems=problems, draft=made)
