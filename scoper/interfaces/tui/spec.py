"""The spec as text: what is still to be filled in, what is wrong at which line, and a way to edit it in place."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, TextArea

from scoper.errors import Problem
from scoper.interfaces.tui import spec_steps, words
from scoper.interfaces.tui.base import STEP_KEYS, StepScreen, app_of, while_here
from scoper.interfaces.tui.keys import named
from scoper.interfaces.tui.session import Session, SpecDesk
from scoper.interfaces.tui.widgets.safe import Choices, Words
from scoper.interfaces.tui.widgets.typed import Sheet

_PAUSE_S = 0.25
_HEAD_ROWS = 3


class SpecScreen(StepScreen):
    """Reading first; `ctrl+e` edits, every pause in typing checks, `ctrl+s` saves."""

    STEP = "spec"
    HELP = "The drafted spec. {spec.edit} edits, {spec.save} saves; Enter on a problem goes to its line."
    AUTO_FOCUS = "#sheet"
    BINDINGS: ClassVar[list[BindingType]] = named(
        "spec",
        [
            Binding("ctrl+e", "edit", "edit", priority=True),
            Binding("ctrl+s", "save", "save", priority=True),
            Binding("escape", "leave", "stop editing"),
            *STEP_KEYS,
        ],
    )

    _edition = 0

    def body(self) -> ComposeResult:
        """Why this draft, the text, the problems."""
        yield Words(id="spec-head", classes="heading")
        with Vertical(id="spec"):
            yield Sheet(id="sheet")
            yield Choices(id="problems")

    def show(self, session: Session) -> None:
        """Show this session's spec."""
        desk = session.spec
        if desk is not None:
            self._show_heading(desk)
            self._load(desk)
            self.query_one("#problems", Choices).fill(problem_rows(desk))

    def on_resize(self) -> None:
        """What is left out of the heading on a short terminal depends on its size; the file itself says all of it."""
        desk = app_of(self).session.spec
        if desk is not None:
            with while_here(self):
                self._show_heading(desk)

    def _show_heading(self, desk: SpecDesk) -> None:
        self.query_one("#spec-head", Words).update(self.brief(words.line(*heading(desk)), _HEAD_ROWS))

    def _load(self, desk: SpecDesk) -> None:
        sheet = self.query_one("#sheet", Sheet)
        if sheet.text != desk.text and (sheet.read_only or self._edition != desk.edition):
            sheet.load_text(desk.text)
            self._show_place(desk.problems[0]) if desk.problems else None
        self._edition = desk.edition
        sheet.mark({problem.line: problem.message for problem in reversed(desk.problems)})

    @on(TextArea.Changed, "#sheet")
    def _typed(self) -> None:
        sheet = self.query_one("#sheet", Sheet)
        if not sheet.read_only:
            app_of(self).do(spec_steps.type_spec, sheet.text)
            self.set_timer(_PAUSE_S, self._check)

    @on(TextArea.SelectionChanged, "#sheet")
    def _moved(self, event: TextArea.SelectionChanged) -> None:
        desk, row = app_of(self).session.spec, event.selection.end[0] + 1
        at = next((n for n, problem in enumerate(desk.problems) if problem.line == row), None) if desk else None
        if at is not None:
            self.query_one("#problems", Choices).highlighted = at

    def _check(self) -> None:
        app_of(self).do(spec_steps.check_spec)

    @on(OptionList.OptionSelected, "#problems")
    def _to_problem(self, event: OptionList.OptionSelected) -> None:
        desk = app_of(self).session.spec
        if desk is not None:
            self._show_place(desk.problems[int(str(event.option_id))])
            self.query_one("#sheet").focus()

    def _show_place(self, problem: Problem) -> None:
        place = (max(0, problem.line - 1), max(0, problem.column - 1))
        self.query_one("#sheet", Sheet).move_cursor(place, center=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leaving and stepping are offered when they mean something."""
        editing = self.is_mounted and not self.query_one("#sheet", Sheet).read_only
        return not editing if action == "edit" else editing if action == "leave" else True

    def action_edit(self) -> None:
        """Write in the text."""
        sheet = self.query_one("#sheet", Sheet)
        sheet.read_only = False
        sheet.focus()
        self.refresh_bindings()

    def action_leave(self) -> None:
        """Back to reading; nothing typed is lost."""
        self._check()
        self.query_one("#sheet", Sheet).read_only = True
        self.refresh_bindings()

    def action_save(self) -> None:
        """Check and save."""
        app_of(self).do(spec_steps.save_spec)


def heading(desk: SpecDesk) -> tuple[tuple[str, str], ...]:
    """The file, its state, and why it looks as it does."""
    state = "saved" if desk.saved else "not saved"
    todo = f"{len(desk.problems)} to settle" if desk.problems else "nothing to settle"
    because = (
        f"\nTemplate {words.plain(desk.draft.template)}: {words.spelled(desk.draft.because)}" if desk.draft else ""
    )
    return (
        (f"{state}, {todo}", "bold $warning" if desk.problems else "bold $success"),
        (f"   {words.place(desk.path)}", "bold $primary"),
        (because, "$text-muted"),
    )


def problem_rows(desk: SpecDesk) -> list[tuple[str, Content]]:
    """A row per problem whose id leads to its line."""
    rows = []
    for number, problem in enumerate(desk.problems):
        remedy = f" ({problem.remedy})" if problem.remedy else ""
        head = words.line((f"{problem.source}:{problem.line}:{problem.column}  ", "bold"))
        rows.append((str(number), words.line(head, f"{problem.message}{remedy}")))
    fine = "No problems: this spec can be probed." if desk.probeable else "Nothing is left to fill in here."
    return rows or [("", words.line((fine, "bold")))]


SCREEN = SpecScreen
