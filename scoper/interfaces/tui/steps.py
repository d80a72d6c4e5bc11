"""What a person can do to the session: each function takes a session, calls a service, and returns a new session.

An answer is on the disk before it is acknowledged: `saved` is set from what the service gave back. Errors of the
services pass through; the app shows them. The spec, the probe and the report have files of their own.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

from scoper.domain.decision import Verdict
from scoper.domain.questionnaire import Answer, Case, Confidence
from scoper.domain.text import one_line
from scoper.interfaces.tui import words
from scoper.interfaces.tui.session import Change, Noted, Session, SpecDesk, Step
from scoper.interfaces.wording import words as plainly
from scoper.services import cases, files, scoping, strict_yaml
from scoper.services.cases import CaseFile
from scoper.services.library import Library

_KEPT = ("panel", "budget", "by", "track", "track_to", "may_probe", "pending")
"""What stays when another case is opened."""


def open_case(session: Session, path: Path) -> Session:
    """The case at `path`, at its first open question; a project in parts at the list of them."""
    file = cases.read_case(path, session.library.questions)
    wish = {name: getattr(session, name) for name in _KEPT}
    fresh = Session(session.library, session.folder, step="interview", file=file, **wish)
    answered = sum(signal in session.library.questions for signal in file.case.answers)
    said = f"Resumed: {answered} of {len(session.library.questions)} answered" if answered else "New case"
    if fresh.in_parts:
        return go(replace(fresh, interview=_interview(session, file)), "parts")
    return _forward(replace(fresh, interview=_interview(session, file), saved=said))


def new_case(session: Session, title: str, summary: str) -> Session:
    """A new case file in the folder, named after the title, open at its first question."""
    path = free_name(session.folder, title)
    file = cases.create_case(path, title=one_line(title), summary=one_line(summary))
    opened = open_case(session, file.path)
    return replace(opened, saved=f"Saved as {words.place(path)}")


def copy_example(session: Session, source: Path) -> Session:
    """A copy of an example and of the spec it names in the folder, open; the example itself stays as it is."""
    path = free_name(session.folder, source.stem)
    files.write_atomic(path, strict_yaml.read_text(source), overwrite=False)
    opened = open_case(session, path)
    for spec in filter(None, (opened.case.spec, *(part.spec for part in opened.case.parts or ()))):
        if not (session.folder / spec).exists():
            files.write_atomic(session.folder / spec, strict_yaml.read_text(source.parent / spec), overwrite=False)
    return replace(opened, saved=f"Copied to {words.place(path)}")


def free_name(folder: Path, title: str) -> Path:
    """A file name made of the title that is not taken yet."""
    stem = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:40].rstrip("_") or "case"
    names = [f"{stem}.yaml", *(f"{stem}_{number}.yaml" for number in range(2, 1000))]
    return next(path for name in names if not (path := folder / name).exists())


def go(session: Session, step: Step) -> Session:
    """Another screen; what it shows is made first. Without a case there is only the welcome screen."""
    if session.file is None:
        return replace(session, step="welcome")
    if step == "parts" or (session.in_parts and step in ("verdict", "spec", "probe")):
        return _among_parts(session, step)
    there = replace(session, step=step, back=None, saved="")
    if step == "interview" and there.current is None:
        return _forward(there)
    if step in ("review", "verdict"):
        there = _approaching(there)
    if step == "verdict":
        # all reasons and flips cost about half a second while much is open; they hold until an answer changes
        return replace(there, verdict=there.verdict or scoping.assess(there.case, there.library))
    if step in ("spec", "probe", "report") and not there.in_parts:
        from scoper.interfaces.tui.spec_steps import enter

        return replace(enter(there), report="")
    return replace(there, report="") if step == "report" else there


def open_part(session: Session, part: str) -> Session:
    """One part of the project as a case of its own, opened as FILE#PART; with "" what all parts share."""
    assert session.file is not None
    return open_case(session, replace(session.file, part=part).named) if part else go(session, "interview")


def _among_parts(session: Session, step: Step) -> Session:
    """The list of the parts of a project, each with its verdict; from one of its parts the file is read again."""
    from scoper.services.project import project_of

    assert session.file is not None
    if not session.in_parts:
        return open_case(session, session.file.path) if session.file.part else session
    project = session.project or project_of(session.case, session.library, _so_far)
    said = "" if step in ("parts", "verdict") else f"Each part has its own {step}: choose a part"
    return replace(session, step="parts", back=None, saved=said, project=project)


def follow(session: Session) -> Session:
    """The follow-up questions from here on; called again at one of them, the questions that the verdict rests on."""
    if session.file is None:
        return session
    if session.following and session.step == "interview":
        said = "Follow-ups left for now" if session.current else ""
        return _forward(replace(session, following=False, back=None, saved=said))
    there = _forward(replace(session, following=True, step="interview", back=None, saved=""))
    if there.current:
        return there
    from scoper.interfaces.tui.following import why_none

    return replace(session, approach=there.approach, saved=why_none(there).removesuffix("."))


def ask(session: Session, signal: str, back: Step | None = None) -> Session:
    """The question `signal` on the screen; after its answer the step `back` follows."""
    return replace(session, step="interview", back=back, current=signal)


def answer(session: Session, value: str, beside: bool = False) -> Session:
    """Save `value` as the answer to the current question and go on to the next.

    With `beside`, and always under a name of one's own, the answers of others stay and this one stands beside them.
    """
    assert session.current is not None
    given = session.answers
    by = session.by or (given[0].by if len(given) == 1 else None)
    own = Answer(answer=value, confidence=session.noted.confidence, evidence=session.noted.evidence or None, by=by)
    if session.by:
        others = tuple(entry for entry in given if entry.by != session.by)
    else:
        others = tuple(entry for entry in given if entry.by is not None) if beside else ()
    saved = _write(session, session.current, (*others, own)).waiting(session.current, Noted())
    told = replace(saved, saved=f"Saved {words.signal(session.current)}: {words.plain(value)}")
    if session.back:
        more = _newly_needed(session, told)
        also = f"; {len(more)} more now matter: {', '.join(words.signal(name) for name in more)}" if more else ""
        return replace(go(told, session.back), saved=told.saved + also)
    return _forward(told)


def note(session: Session, text: str) -> Session:
    """Evidence for the current question: saved at once when it is answered, else kept until it is."""
    return _annotate(session, replace(session.noted, evidence=one_line(text)))


def next_confidence(session: Session) -> Session:
    """Confidence in the current answer: low, medium, high, not said, and round again."""
    ring: tuple[Confidence | None, ...] = (None, *get_args(Confidence))
    following = ring[(ring.index(session.noted.confidence) + 1) % len(ring)]
    return _annotate(session, replace(session.noted, confidence=following))


def skip(session: Session) -> Session:
    """Put the current question off; it stays open and is not asked again unless it is called."""
    if session.current is None:
        return session
    change = Change(session.current, session.case.answers.get(session.current), session.put_off)
    put_off = (*session.put_off, session.current) if session.current not in session.put_off else session.put_off
    moved = replace(session, put_off=put_off, history=(*session.history, change))
    name = words.signal(session.current)
    return _forward(replace(moved, saved=f"Put off {name}; it stays unknown", changed=(f"{name}: put off",)))


def undo(session: Session) -> Session:
    """Take back the last answer, note or skip, however many there were, and show its question again."""
    if not session.history:
        return replace(session, saved="Nothing to undo in this session")
    change = session.history[-1]
    undone, own = session, session.own(change.signal)
    if session.case.answers.get(change.signal) != change.before:
        undone = _write(session, change.signal, change.before)
    told = undone.changed if undone is not session else (f"{words.signal(change.signal)}: asked again",)
    taken = (f"taken back, {told[0]}", *told[1:])
    rest = replace(undone, history=session.history[:-1], put_off=change.put_off, changed=taken)
    asked = replace(ask(rest, change.signal), saved=f"Undone: {words.signal(change.signal)}")
    if own is None or asked.own(change.signal) is not None:
        return asked
    return asked.waiting(change.signal, Noted.of(own))  # for the answer that comes instead


def undo_in_review(session: Session) -> Session:
    """The same, with the answers on the screen."""
    undone = undo(session)
    return replace(go(undone, "review"), saved=undone.saved)


def answer_as(session: Session, name: str) -> Session:
    """Answers are recorded under `name` from now on, beside those of others; under none when it is empty."""
    name = one_line(name)
    moved = replace(session, by=name, saved=f"Answers are recorded as {name}" if name else "Answers carry no name")
    return replace(ask(moved, session.current, session.back), step=session.step) if session.current else moved


def explain(session: Session) -> Session:
    """The verdict with its reasons and flips, unless it is there already."""
    if session.verdict is not None or session.file is None:
        return session
    return replace(session, verdict=scoping.assess(session.case, session.library))


def explained(session: Session, asked: Session) -> Session:
    """The session with the verdict that was worked out for `asked`, where it is still about the same answers."""
    same = session.verdict is None and session.file is not None and session.file is asked.file
    return replace(session, verdict=asked.verdict) if same else session


def toggle_panel(session: Session) -> Session:
    """The verdict panel hidden, or shown again."""
    return replace(session, panel=not session.panel)


def reload(session: Session) -> Session:
    """The case as it now stands in its file, on the same screen."""
    assert session.file is not None
    file = cases.read_case(session.file.named, session.library.questions)
    fresh = replace(session, file=file, interview=_interview(session, file), verdict=None, approach=None, project=None)
    fresh = _approaching(fresh) if session.approach else fresh
    fresh = go(fresh, "parts") if session.step == "parts" else fresh
    return replace(fresh, changed=("the file was read again",), saved="Read again from the file")


def _annotate(session: Session, noted: Noted) -> Session:
    before, signal = session.own(session.current), session.current
    if signal is None:
        return session
    if before is None:
        told = f"Noted for the answer: {words.signal(signal)}" if noted != Noted() else ""
        return replace(session.waiting(signal, noted), saved=told)
    own = before.model_copy(update={"evidence": noted.evidence or None, "confidence": noted.confidence})
    kept = tuple(own if entry is before else entry for entry in session.answers)
    return replace(_write(session, signal, kept).waiting(signal, Noted()), saved=f"Saved {words.signal(signal)}")


def put(session: Session, signal: str, answers: tuple[Answer, ...]) -> Session:
    """These answers to a question that need not be on the screen, saved; the screen stays where it is."""
    return _write(session, signal, answers)


def _write(session: Session, signal: str, answers: tuple[Answer, ...] | None) -> Session:
    assert session.file is not None
    assert session.interview is not None
    before = session.file.case.answers.get(signal)
    file = cases.set_answer(session.file, signal, answers, session.library.questions)
    put_off = tuple(name for name in session.put_off if name != signal)
    if file is session.file and put_off == session.put_off:
        return session  # it stands there already: there is nothing to take back
    interview = _interview(session, file)
    history = (*session.history, Change(signal, before, session.put_off))
    fresh = replace(session, file=file, interview=interview, put_off=put_off, history=history, report="", verdict=None)
    fresh = replace(fresh, approach=None, project=None, spec=_still_fits(session.spec))
    fresh = _approaching(fresh) if session.following else fresh
    changed = _moved(session, fresh, words.difference(session.interview.verdict, interview.verdict))
    return replace(fresh, changed=(f"{words.signal(signal)}: {changed[0]}", *changed[1:]))


def _moved(before: Session, after: Session, verdict: tuple[str, ...]) -> tuple[str, ...]:
    """What an answer changed about the verdict, and while follow-ups are asked about how to go about it."""
    was, now = (each.approach.said if each.approach else () for each in (before, after))
    called = f"{plainly(after.interview.verdict.technique)}: " if after.interview else ""  # it stands over the screen
    about = tuple(said.removeprefix(called) for said in now if said not in was) if before.approach else ()
    return (*(said for said in verdict if said != words.NOTHING_MOVED or not about), *about)


def _newly_needed(before: Session, after: Session) -> tuple[str, ...]:
    """Questions that could change nothing before and can now."""
    names = before.library.questions
    return tuple(s for s in names if before.state_of(s) == "not needed" and after.state_of(s) == "open")


def _still_fits(desk: SpecDesk | None) -> SpecDesk | None:
    """Text that stands nowhere else; what is saved or untouched is made again for the new verdict."""
    return desk if desk is not None and desk.touched and not desk.saved else None


def _so_far(case: Case, library: Library) -> Verdict:
    return scoping.interview(case, library).verdict


def _interview(session: Session, file: CaseFile) -> scoping.Interview:
    return scoping.interview(file.case, session.library)


def _approaching(session: Session) -> Session:
    from scoper.interfaces.tui.following import known

    return known(session)


def _forward(session: Session) -> Session:
    session = _approaching(session) if session.following else session
    signal = session.upcoming()
    if signal is None:
        return replace(_approaching(session), current=None)
    return ask(session, signal)
