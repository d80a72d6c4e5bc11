"""The probe as it runs: stages, learning curve between floor and ceiling, findings as they come.

The work happens in a child process; an async worker of the app folds its events into the session.
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from scoper.domain.probe import BUDGET_S, STAGES, ProbePlan
from scoper.interfaces.tui import probe_view, spec_steps, words
from scoper.interfaces.tui.base import STEP_KEYS, StepScreen, app_of
from scoper.interfaces.tui.dialogs import Sure
from scoper.interfaces.tui.session import ProbeView, Session
from scoper.interfaces.tui.widgets.curve import Curve
from scoper.interfaces.tui.widgets.safe import Words
from scoper.services import roles

if TYPE_CHECKING:
    from scoper.interfaces.tui.app import ScoperApp

ABOUT = (
    "\nThe probe tests whether this reward can be learned. It checks the environment's contract, solves it exactly "
    "where that is possible, measures what random and constant behaviour earn (the floors), lets learners try with "
    "at least three seeds, and looks for defects of the reward. It runs in a process of its own and can be cancelled."
)
TRUST = "It runs in a child process, with your rights. Do you trust this code? It is asked again when it changes."
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
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "run", "run", tooltip="probe the spec, in a process of its own"),
        Binding("x", "cancel", "cancel", tooltip="end the probe; what is known stays"),
        Binding("g", "budget", "budget", tooltip="quick, standard or long"),
        *STEP_KEYS,
    ]

    def body(self) -> ComposeResult:
        """Stages, returns, curve, its words, findings."""
        yield Words(id="stages", classes="heading")
        yield Words(id="returns")
        yield Curve(id="curve")
        yield Words(id="curve-words")
        with VerticalScroll(id="findings"):
            yield Words(id="findings-text")

    def show(self, session: Session) -> None:
        """Show this session's probe."""
        view = session.probe
        self.query_one("#stages", Words).update(stage_lines(session))
        self.query_one("#returns", Words).say(*(return_parts(view) if view.status != "idle" else (ABOUT,)))
        curves = probe_view.curves_of(view)
        self.query_one(Curve).show(curves)
        self.query_one(Curve).set_class(not curves.seeds, "empty")
        self.query_one("#curve-words", Words).say((probe_view.summary(view), "$text-muted"))
        self.query_one("#findings-text", Words).update(finding_lines(view))

        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Running and cancelling are offered when they mean something."""
        running = app_of(self).session.probe.status == "running"
        return not running if action in ("run", "budget") else running if action == "cancel" else True

    def action_run(self) -> None:
        """Run the probe of the spec on the desk."""
        start(app_of(self))

    def action_cancel(self) -> None:
        """End the probe; what it measured so far stays on the screen."""
        self.app.workers.cancel_group(self.app, "probe")

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
    app.run_worker(follow(app, plan), group="probe", exclusive=True)


async def follow(app: ScoperApp, plan: ProbePlan) -> None:
    """Fold every event of the probe into the session; cancelling this ends the child process."""
    from scoper.services.probing import run_probe

    try:
        async with aclosing(run_probe(plan)) as events:
            async for event in events:
                app.session = replace(app.session, probe=probe_view.fold(app.session.probe, event))
    finally:
        app.session = spec_steps.end_probe(app.session)


def stage_lines(session: Session) -> Content:
    """The stages with marks and words, then how far, or what to press."""
    view = session.probe
    marks = [(f"{_mark(view, stage)} {stage}   ", _stage_style(view, stage)) for stage in STAGES]
    return words.lines([words.line(*marks), words.line(*_state(view, session))])


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


def _state(view: ProbeView, session: Session) -> tuple[tuple[str, str], ...]:
    if view.status == "running":
        share = probe_view.learned_share(view)
        learning = f"  {words.bar(share, 16)} {words.percent(share)} of the timesteps" if view.curves else ""
        return (("running  ", "bold $success"), (f"{view.t_s:.0f} s{learning}  {view.detail}", "$foreground"))
    if view.status == "finished" and view.result is not None:
        verdict = (f"{words.title('probe_verdicts', view.result.verdict)}  ", _VERDICT_STYLES[view.result.verdict])
        old = "The spec was changed since: r probes it again. " if spec_steps.is_stale(session) else ""
        return (verdict, (old, "bold $warning"), (roles.spelled(view.result.because), "$foreground"))
    if view.status == "failed":
        return ((f"{words.plain(view.code)}  ", "bold $error"), (view.message, "$foreground"))
    if session.spec is None or not session.spec.probeable:
        return (("Nothing to probe: the spec is no MDP.", "bold $warning"),)
    limit = f"{BUDGET_S[session.budget]:.0f} s at most"
    said = f"r runs the probe, budget {session.budget} ({limit}); g changes it."
    return (("Not run yet. ", "bold"), (said, "$foreground"))


def _mark(view: ProbeView, stage: str) -> str:
    if stage in view.passed:
        return "✓"
    return "▸" if stage == view.stage and view.status == "running" else "·"


def _stage_style(view: ProbeView, stage: str) -> str:
    return "bold $primary" if stage == view.stage else "$success" if stage in view.passed else "$text-muted"


SCREEN = ProbeScreen
