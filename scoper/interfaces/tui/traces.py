"""What the reward asks for, step by step, and the owner's yes or no on it: the twin of `scoper review`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from scoper.errors import Problem, UsageError
from scoper.interfaces.tui import spec_steps, steps, words
from scoper.interfaces.tui.dialogs import AskLine, Choose
from scoper.interfaces.tui.keys import named
from scoper.interfaces.tui.session import Session

if TYPE_CHECKING:
    from scoper.domain.certificates import EpisodeTrace
    from scoper.interfaces.tui.app import ScoperApp

_LINES = 28


class Traces(Choose):
    """Episodes of what earns the most reward; returns yes or no, or nothing when it is put off."""

    TITLE_TEXT = "What earns the most reward: is this what you want?"
    WAYS = (("yes", "Yes, this is wanted"), ("no", "No, this is not wanted"))
    BINDINGS: ClassVar[list[BindingType]] = named(
        "traces",
        [
            Binding("y", "dismiss('yes')", "yes"),
            Binding("n", "dismiss('no')", "no"),
            Binding("pagedown", "scroll_text(1)", "on", show=False),
            Binding("pageup", "scroll_text(-1)", "back", show=False),
        ],
    )

    def __init__(self, traces: tuple[EpisodeTrace, ...]) -> None:
        super().__init__()
        self._traces = traces

    def sentences(self) -> list[Content]:
        """A line for every timestep, what repeats told once."""
        from scoper.services.reviewing import lines_of

        rows: list[Content] = []
        for trace in self._traces:
            rows += [Content("")] if rows else []
            rows.append(words.line((f"{trace.policy}, seed {trace.seed}", "bold")))
            rows += [words.line(line) for line in lines_of(trace, _LINES // len(self._traces))]
        return rows

    def action_scroll_text(self, pages: int) -> None:
        """Further down or up in the traces."""
        text = self.query_one(".dialog-text")
        text.scroll_relative(y=pages * max(1, text.size.height - 1), animate=False)


def can_be_shown(session: Session) -> bool:
    """Whether there are traces of the very spec on the desk."""
    result = session.probe.result
    return result is not None and bool(result.traces) and not spec_steps.is_stale(session)


def show(app: ScoperApp) -> None:
    """Show the traces, ask, and keep the answer."""
    result = app.session.probe.result
    if result is None or not can_be_shown(app.session):
        return
    app.push_screen(Traces(result.traces), lambda said: _ask_why(app, said) if said in ("yes", "no") else None)


def _ask_why(app: ScoperApp, said: str | None) -> None:
    about = "What is there to say about it? (may stay empty)"
    app.push_screen(
        AskLine(about), lambda note: app.do(answer, said == "yes", note or "") if note is not None else None
    )


def answer(session: Session, wanted: bool, note: str = "") -> Session:
    """The session with the answer written into the spec's file and the case; the spec is read again.

    Raises UsageError where the spec is not saved yet, StorageError where its file changed.
    """
    from scoper.domain.certificates import digest_of
    from scoper.services.reviewing import SIGNAL, Shown, answered, answers_with

    desk, result = session.spec, session.probe.result
    if desk is None or result is None or not desk.saved or desk.on_disk != desk.text:
        raise UsageError(Problem("spec-unsaved", "the spec is not saved yet", remedy="save it, then answer again"))
    name = result.spec.get("name", "")
    shown = Shown(desk.path, desk.text, name, result.traces, digest_of(result.traces), None)
    said = answered(shown, wanted, note=note)
    if SIGNAL in session.library.questions:
        session = steps.put(session, SIGNAL, answers_with(session.case.answers.get(SIGNAL, ()), said))
    session = spec_steps.open_spec(replace(session, spec=None))
    spoken = f"{'Yes' if wanted else 'No'}, written to {words.place(desk.path)}: probe again and it counts"
    return replace(session, saved=spoken)
