"""The one value that all screens show: the case with its interview, what was said last, the spec and the probe.

Frozen; screens render it and hold only focus and scroll. What changes it stands in `steps`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from scoper.domain.decision import Verdict
from scoper.domain.questionnaire import Answer, Case, Confidence, Question
from scoper.errors import Problem
from scoper.interfaces.probe_state import ProbeView
from scoper.services.cases import CaseFile
from scoper.services.follow_ups import any_question
from scoper.services.library import Library
from scoper.services.scoping import Interview

if TYPE_CHECKING:
    from scoper.domain.project import Project
    from scoper.interfaces.tui.following import Approaching
    from scoper.services.scaffolding import Draft

Step = Literal["welcome", "parts", "interview", "review", "verdict", "spec", "probe", "report"]
STEPS: tuple[Step, ...] = ("interview", "review", "verdict", "spec", "probe", "report")
State = Literal["answered", "open", "skipped", "not needed"]
Progress = Literal["not started", "in progress", "done"]


@dataclass(frozen=True)
class Change:
    """What `undo` brings back: a signal's answers and the questions put off before the change."""

    signal: str
    before: tuple[Answer, ...] | None
    put_off: tuple[str, ...]


@dataclass(frozen=True)
class Noted:
    """What goes with an answer beside its value."""

    evidence: str = ""
    confidence: Confidence | None = None

    @classmethod
    def of(cls, answer: Answer) -> Noted:
        """What goes with `answer`."""
        return cls(answer.evidence or "", answer.confidence)


Place = tuple[Path, str, str]
"""Where an answer belongs: the case, the name it is recorded under, the question."""


@dataclass(frozen=True)
class SpecDesk:
    """A spec file on the desk: `text` as it stands in the editor, `saved` whether the file holds just that.

    `on_disk` is what the file held when it was read or written last, None when there is none yet; `problems` are those
    of the text `checked`; `edition` grows when the text is replaced otherwise than by typing. `draft` is what the text
    was drafted as, with the files that travel with it; None for a spec that was there before.
    """

    path: Path
    text: str
    saved: bool
    on_disk: str | None = None
    checked: str | None = None
    edition: int = 0
    problems: tuple[Problem, ...] = ()
    draft: Draft | None = None

    @property
    def probeable(self) -> bool:
        """Whether this is an MDP spec, not the scaffold of another technique."""
        return self.path.suffix in (".yaml", ".yml")

    @property
    def touched(self) -> bool:
        """Whether somebody wrote in it since it was drafted."""
        return self.draft is None or self.draft.files.get(self.path.name) != self.text


@dataclass(frozen=True)
class Session:
    """Everything that is on the screen. `back` is the step to return to after a single answer was changed.

    `interview` holds the verdict so far; `verdict` the one with all its reasons, made when it is looked at. `by` is the
    name under which answers are recorded, empty for none; `track` the trackers that a probe is exported to. While
    `following`, the follow-up questions are asked; `approach` is None until how to go about it is looked at. `project`
    holds the verdict of each part while the open case is one in parts; a part that was chosen is open as a case.
    `pending` is what was noted for answers that are not given yet, of every case that was open.
    """

    library: Library
    folder: Path = Path()
    step: Step = "welcome"
    back: Step | None = None
    file: CaseFile | None = None
    interview: Interview | None = None
    verdict: Verdict | None = None
    current: str | None = None
    put_off: tuple[str, ...] = ()
    history: tuple[Change, ...] = ()
    pending: Mapping[Place, Noted] = field(default_factory=dict)
    saved: str = ""
    changed: tuple[str, ...] = ()
    spec: SpecDesk | None = None
    probe: ProbeView = field(default_factory=ProbeView)
    report: str = ""
    panel: bool = True
    budget: str = "standard"
    by: str = ""
    track: tuple[str, ...] = ()
    track_to: Path | None = None
    may_probe: bool = True
    following: bool = False
    approach: Approaching | None = None
    project: Project | None = None

    @property
    def in_parts(self) -> bool:
        """Whether the open case is a project whose parts are each decided by themselves."""
        return self.file is not None and bool(self.file.case.parts)

    @property
    def of_project(self) -> bool:
        """Whether there are parts to go back to: the open case is a project or one of its parts."""
        return self.file is not None and (self.in_parts or self.file.part is not None)

    @property
    def unsaved(self) -> bool:
        """Whether leaving would lose something that somebody wrote."""
        return self.spec is not None and not self.spec.saved and self.spec.touched

    @property
    def case(self) -> Case:
        """The open case; only asked for on screens that have one."""
        if self.file is None:
            raise LookupError("no case is open")
        return self.file.case

    @property
    def question(self) -> Question | None:
        """The question on the screen, None when nothing is left to ask."""
        return any_question(self.current, self.library.questions) if self.current else None

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers to the current question, one per respondent."""
        return self.case.answers.get(self.current, ()) if self.current else ()

    def own(self, signal: str | None) -> Answer | None:
        """The answer to a question that is this person's to change: under the own name, else the only one there is."""
        given = self.case.answers.get(signal, ()) if signal else ()
        if self.by:
            return next((answer for answer in given if answer.by == self.by), None)
        return given[0] if len(given) == 1 else None

    @property
    def noted(self) -> Noted:
        """What goes with the answer to the current question: noted for the one to come, else with the one given."""
        own = self.own(self.current)
        given = Noted.of(own) if own else Noted()
        return self.pending.get(self.place_of(self.current), given) if self.current else given

    def place_of(self, signal: str) -> Place:
        """Where this person's answer to a question of the open case belongs."""
        return (self.file.named if self.file else Path(), self.by, signal)

    def waiting(self, signal: str, noted: Noted) -> Session:
        """The session in which this, and nothing else, waits for the answer to a question."""
        place = self.place_of(signal)
        others = {key: value for key, value in self.pending.items() if key != place}
        return replace(self, pending=others if noted == Noted() else {**others, place: noted})

    def progress_of(self, section: str) -> Progress:
        """How far a section is: nothing answered, some, or nothing left to answer."""
        states = [self.state_of(q.id) for q in self.library.questions.values() if q.section == section]
        if not {"open", "skipped"} & set(states):
            return "done"
        return "in progress" if "answered" in states else "not started"

    def state_of(self, signal: str) -> State:
        """How a question stands: answered, put off, without influence on the verdict any more, or open."""
        if signal in self.case.answers:
            return "answered"
        if signal in self.put_off:
            return "skipped"
        needless = self.interview is not None and signal in self.interview.skipped
        return "not needed" if needless else "open"

    def upcoming(self) -> str | None:
        """The question to ask next: the most telling one that is neither answered nor put off."""
        if self.following:
            worth = self.approach.open if self.approach else ()
            return next((name for name in worth if name not in self.put_off), None)
        interview = self.interview
        if interview is None or interview.next_signal is None:
            return None
        ranked = [interview.next_signal, *(entry.signal for entry in interview.verdict.next_questions), *interview.open]
        return next((signal for signal in ranked if self.state_of(signal) == "open"), None)

    def counts(self) -> Mapping[State, int]:
        """How many questions are in each state."""
        states = [self.state_of(signal) for signal in self.library.questions]
        return {state: states.count(state) for state in ("answered", "open", "skipped", "not needed")}


def no_session() -> Session:
    """What an app shows before it is given a session; raises LookupError."""
    raise LookupError("the app is given a session when it is made")
