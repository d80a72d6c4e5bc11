"""The probe as it runs: stages, learning curve between floor and ceiling, findings as they come.

The work happens in a child process; an async worker of the app folds its events into the session.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from scoper.domain.probe import STAGES, ProbeEvent, ProbePlan
from scoper.interfaces.tui import offers, probe_view, spec_steps, traces, words
from scoper.interfaces.tui.base import STEP_KEYS, StepScreen, app_of, run_beside
from scoper.interfaces.tui.dialogs import Sure
from scoper.interfaces.tui.keys import named, told
from scoper.interfaces.tui.session import Session
from scoper.interfaces.tui.widgets.curve import Curve
from scoper.interfaces.tui.widgets.safe import LiveWords
from scoper.interfaces.watching import ProbeView, fold, left_words, stop_words
from scoper.services import roles

if TYPE_CHECKING:
    from scoper.interfaces.tui.app import ScoperApp

ABOUT = (
    "\nThe probe tests whether this reward can be learned. It checks the environment's contract, solves it exactly "
    "where that is possible, measures what random and constant behaviour earn (the floors), lets learners try with "
    "at least three seeds, and looks for defects of the reward. It runs in a process of its own and can be cancelled."
)
TRUST = "It runs in a child process, with your rights. Do you trust this code? It is asked again when it changes."
_REDRAW_S, _STAGE_ROWS = 0.1, 5
_SEVERITIES = {"blocker": "bold $error", "caution": "bold $warning", "info": "bold $primary"}


_VERDICT_STYLES = {
    "feasible": "bold $success",
    "feasible_with_conditions": "bold $warning",
    "not_shown": "bold $warning",
    "infeasible": "bold $error",
    "reward_defective": "bold $error",
}


class ProbeScreen(StepScreen):
    """`r` runs, `x` cancels; leaving the screen leaves the probe running."""

    STEP = "probe"
    HELP = "Measures whether the reward can be learned. It runs in a process of its own; other screens stay usable."
    AUTO_FOCUS = "#findings"
    _keys: tuple[object, ...] = ()
    BINDINGS: ClassVar[list[BindingType]] = named(
        "probe",
        [
            Binding("r", "run", "run", tooltip="probe the spec, in a process of its own"),
            Binding("x", "cancel", "cancel", tooltip="end the probe; what is known stays"),
            Binding("a", "offers", "answers", tooltip="what was measured, as answers of the case"),
            Binding(
                "v", "traces", "traces", tooltip="look at what earns the most reward, and say whether it is wanted"
            ),
            Binding("g", "budget", "budget", tooltip="quick, standard or long"),
            *STEP_KEYS,
        ],
    )

    def body(self) -> ComposeResult:
        """Stages, returns, curve, its words, findings."""
        yield LiveWords(id="stages", classes="heading")
        yield LiveWords(id="returns")
        yield Curve(id="curve")
        yield LiveWords(id="curve-words")
        with VerticalScroll(id="findings"):
            yield LiveWords(id="findings-text")

    def show(self, session: Session) -> None:
        """Show this session's probe."""
        view = session.probe
        returns = words.line(*(return_parts(view) if view.status != "idle" else (ABOUT,)))
        said = {
            "#stages": self.brief(stage_lines(session, lambda text: told(self, text)), _STAGE_ROWS),
            "#returns": returns,
            "#curve-words": words.line((probe_view.summary(view), "$text-muted")),
            "#findings-text": finding_lines(view),
        }
        for place, content in said.items():
            self.query_one(place, LiveWords).show(content)
        curves = probe_view.curves_of(view)
        self.query_one(Curve).show(curves)
        self.query_one(Curve).set_class(not curves.seeds, "empty")
        keys = (view.status, view.result is not None)
        if keys != self._keys:
            self._keys = keys
            self.refresh_bindings()

    def on_resize(self) -> None:
        """What is left out on a short terminal depends on its size."""
        self.follow_size()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Running and cancelling are offered when they mean something."""
        view = app_of(self).session.probe
        running = view.status == "running"
        if action == "offers":
            return view.result is not None and not spec_steps.is_stale(app_of(self).session)
        if action == "traces":
            return traces.can_be_shown(app_of(self).session)
        return not running if action in ("run", "budget") else running if action == "cancel" else True

    def action_run(self) -> None:
        """Run the probe of the spec on the desk."""
        start(app_of(self))

    def action_cancel(self) -> None:
        """End the probe; what it measured so far stays on the screen."""
        self.app.workers.cancel_group(self.app, "probe")

    def action_offers(self) -> None:
        """Offer what was measured as answers of the case."""
        offers.offer(app_of(self))

    def action_traces(self) -> None:
        """Show what earns the most reward, and ask whether that is wanted."""
        traces.show(app_of(self))

    def action_budget(self) -> None:
        """Quick, standard, long, and round again."""
        app_of(self).do(spec_steps.next_budget)


def start(app: ScoperApp) -> None:
    """Start a probe of the spec, after consent where it names code of its own."""
    plans: list[ProbePlan] = []

    def make(session: Session) -> Session:
        plans.append(spec_steps.plan_probe(session))
        return session

    app.do(spec_steps.enter)
    app.do(make)
    for plan in plans:
        _ask(app, plan.model_copy(update={"trust": True}))


def _ask(app: ScoperApp, plan: ProbePlan) -> None:
    asked = spec_steps.consent_for(plan)
    if asked:
        app.push_screen(Sure(f"{asked}.", TRUST), lambda sure: consented(app, plan) if sure == "yes" else None)
    else:
        begin(app, plan)


def consented(app: ScoperApp, plan: ProbePlan) -> None:
    """Remember the consent and start."""
    spec_steps.trust_code(plan)
    begin(app, plan)


def begin(app: ScoperApp, plan: ProbePlan) -> None:
    """Run the plan, in place of a probe that runs."""
    app.do(spec_steps.begin_probe, plan)
    run_beside(app, "probe", follow, app, plan)


async def follow(app: ScoperApp, plan: ProbePlan) -> None:
    """Show the probe of `plan`; cancelling this ends the child process."""
    from scoper.interfaces.tui.recording import events_file, recorded

    said, path = list[str](), events_file(app.session)
    try:
        await _watch(app, recorded(app.session, plan, said.append, path))
    finally:
        said += [f"events in {words.place(path)}"] if path is not None and path.exists() else []
        for each in said:
            app.do(spec_steps.told, each)


def show_recording(app: ScoperApp, events: Sequence[ProbeEvent], speed: float | None) -> None:
    """Go to the probe's screen and show recorded events there."""
    app.do(spec_steps.enter)
    app.session = replace(app.session, probe=ProbeView(status="running"), saved="A recorded probe is shown", report="")
    app.go("probe")
    run_beside(app, "probe", follow_recording, app, events, speed)


async def follow_recording(app: ScoperApp, events: Sequence[ProbeEvent], speed: float | None) -> None:
    """Show a recorded probe, `speed` times as fast as it was or all at once; nothing runs and nothing is kept."""
    from scoper.services.probing import played

    await _watch(app, played(events, speed))


async def _watch(app: ScoperApp, stream: AsyncGenerator[ProbeEvent]) -> None:
    """Fold the events into the session, what comes at once being drawn at once."""
    screen = _Shown(app)
    try:
        async with aclosing(stream) as events:
            async for event in events:
                screen.take(event)
    finally:
        if screen.draw():
            app.session = spec_steps.end_probe(app.session)


class _Shown:
    """The view that the session shows, and the one that it will show next: at most ten drawings a second."""

    def __init__(self, app: ScoperApp) -> None:
        self._app, self._next = app, app.session.probe
        self._shown = self._next
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0

    def take(self, event: ProbeEvent) -> None:
        """Fold `event`, and draw soon."""
        self._next = fold(self._next, event)
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(max(self._due, loop.time()), self.draw)

    def draw(self) -> bool:
        """Put what is known into the session; whether it still shows this probe."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._due = None, asyncio.get_running_loop().time() + _REDRAW_S
        if self._app.session.probe is not self._shown:
            return False
        if self._next is not self._shown:
            self._shown = self._next
            self._app.session = replace(self._app.session, probe=self._next)
        return True


def stage_lines(session: Session, tell: Callable[[str], str] = str) -> Content:
    """The stages with marks and words, then how far, or what to press; `tell` puts in the keys."""
    view = session.probe
    marks = [(f"{_mark(view, stage)} {stage}   ", _stage_style(view, stage)) for stage in STAGES]
    return words.lines([words.line(*marks), words.line(*_state(view, session, tell))])


def return_parts(view: ProbeView) -> tuple[tuple[str, str], ...]:
    """What is proved and what is measured, best first."""
    parts: list[tuple[str, str]] = []
    for basis, said in probe_view.returns_by_basis(view).items():
        parts += [("\n" if parts else "", ""), (f"{basis}  ", "bold $text-muted"), (said, "$foreground")]
    return tuple(parts)


def finding_lines(view: ProbeView) -> Content:
    """Every finding: severity, claim, remedy; blockers first."""
    rows: list[Content] = []
    order = list(_SEVERITIES)
    for finding in sorted(view.findings, key=lambda finding: order.index(finding.severity)):
        rows.append(words.line((f"{finding.severity}  ", _SEVERITIES[finding.severity]), roles.spelled(finding.claim)))
        rows += [words.line(("   remedy  ", "$text-muted"), finding.remedy)] if finding.remedy else []
    return words.lines(rows) if rows else words.line(("No findings so far.", "$text-muted"))


def _state(view: ProbeView, session: Session, tell: Callable[[str], str]) -> tuple[tuple[str, str], ...]:
    if view.status == "running":
        return _progress(view)
    if view.status == "finished" and view.result is not None:
        verdict = (f"{words.title('probe_verdicts', view.result.verdict)}  ", _VERDICT_STYLES[view.result.verdict])
        old = tell("The spec was changed since: {probe.run} probes it again. ") if spec_steps.is_stale(session) else ""
        return (verdict, (old, "bold $warning"), (roles.spelled(view.result.because), "$foreground"))
    if view.status == "failed":
        return ((f"{words.plain(view.code)}  ", "bold $error"), (view.message, "$foreground"))
    if session.spec is None or not session.spec.probeable:
        return (("Nothing to probe: the spec is no MDP.", "bold $warning"),)
    budget = spec_steps.budget_words(session.budget)
    said = tell(f"{{probe.run}} runs the probe, budget {budget}; {{probe.budget}} changes it.")
    return (("Not run yet. ", "bold"), (said, "$foreground"))


def _progress(view: ProbeView) -> tuple[tuple[str, str], ...]:
    """How far the stage is, how long it still takes, and what would end it."""
    bar = f"{words.bar(view.pace.share, 10)} {words.percent(view.pace.share)} " if view.pace else ""
    doing = f"{bar}{roles.policy_words(view.doing)}" if view.doing else view.detail
    said = [("running  ", "bold $success"), (f"{view.t_s:.0f} s  {doing}", "$foreground")]
    ends = "; ".join(part for part in (left_words(view), stop_words(view)) if part)
    return (*said, (f"\n{ends}", "$text-muted")) if ends else tuple(said)


def _mark(view: ProbeView, stage: str) -> str:
    if stage in view.passed:
        return "✓"
    return "▸" if stage == view.stage and view.status == "running" else "·"


def _stage_style(view: ProbeView, stage: str) -> str:
    return "bold $primary" if stage == view.stage else "$success" if stage in view.passed else "$text-muted"


SCREEN = ProbeScreen
