"""The doctor as the probe's first stage: one pass that does not end at the first fault, in the probe's own child.

Short enough to stand before every probe: no look at memory, which the parent watches anyway. What the diagnostics
judge from all episodes of the probe is only a row of the table here, not a finding.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scoper.domain.doctor import Checker, DoctorRow, Fault, as_finding
from scoper.domain.mdp import EnvironmentSpec
from scoper.modelling.faults import EnvironmentFault, OutOfTime
from scoper.probe.clock import Deadline
from scoper.probe.doctor.examination import look_at_reset
from scoper.probe.doctor.ledger import Ledger, Pulsed, Unfit
from scoper.probe.doctor.table import table_of
from scoper.probe.pace import steps_within
from scoper.probe.session import Session

STEPS = 3000
"""Timesteps of stepping under many behaviours; what seeds determine takes about 5,000 more."""
_STEPPING_SHARE, _LONGEST_SHARE, _STAGE_SHARE = 0.05, 0.12, 0.25
_FEWEST_STEPS = 60
_DEFECTS = {
    "nan_or_inf_reward": "nan_or_inf_reward",
    "reward_type": "ill_formed_reward",
    "reward_overflow": "unbounded_reward",
}
_JUDGED_LATER = frozenset(
    {"constant_reward", "no_episode_end", "episode_of_one_step", "reward_scale", "observation_scale"}
)
_RAISED = frozenset({"environment_crash", "environment_memory"})
"""What goes on to whoever asked for the probe, after the pass."""


@dataclass
class Visit:
    """What the pass came to; `replays`: whether seed and actions determine an episode, None when not looked at."""

    spec: EnvironmentSpec
    folder: Path
    make: Callable[[], Any]
    ledger: Ledger
    replays: bool | None = None
    pace: float = math.inf
    checkers: tuple[Checker, ...] = ()

    def table(self, session: Session) -> tuple[DoctorRow, ...]:
        """The rows, with what the findings of the whole probe made of the faults."""
        if "stable_baselines3" in sys.modules and not any(f.severity == "blocker" for f in session.findings):
            self._ask("stable_baselines3", session)
        return table_of(self.ledger.faults(), self.checkers, tuple(self.ledger.not_examined), session.findings)

    def _ask(self, name: str, session: Session) -> None:
        from scoper.probe.doctor.checkers import ask

        if all(checker.name != name for checker in self.checkers):
            self.checkers = (*self.checkers, ask(name, self.make, self.folder, session.pulse.tick))


def examine_first(session: Session, spec: EnvironmentSpec, make: Callable[[], Any], limit: int | None) -> Visit:
    """Raise what the pass finds as findings in `session`, and leave the visit there.

    limit: timesteps after which the environment was registered to cut episodes. Raises EnvironmentFault after the
    whole pass when a fault leaves nothing to measure, and what the environment raised when it raised something.
    """
    ends = session.clock.deadline(session.clock.elapsed_s() + _STAGE_SHARE * session.plan.budget_s)
    folder = Path(session.plan.spec_dir)
    ledger = Ledger(folder, lambda fault: _tell(session, fault))
    visit = session.memory["doctor"] = Visit(spec, folder, make, ledger)

    def timed() -> Any:
        return _Timed(make(), session.pulse.tick, ends)

    for name, look in (("spaces", _look_at_spaces), ("steps", _look_at_steps), ("seeds", _look_at_seeds)):
        try:
            look(session, visit, timed, limit)
        except Unfit:
            ledger.not_examined.append(f"the rest of the {name}: a fault ended it")
        except OutOfTime:
            ledger.not_examined.append(f"the rest of the {name}: the time for it was over")
        if ledger.knows("space_missing", "reset_signature", "step_signature", "method_missing"):
            break
    if ledger.raised is not None:
        raise ledger.raised
    blockers = [fault for fault in ledger.faults() if fault.severity == "blocker"]
    if blockers:
        worst = blockers[0]
        raise EnvironmentFault(worst.id, worst.claim, worst.remedy, _DEFECTS.get(worst.id), known=True)
    if not ends.is_over(time.monotonic()):
        visit._ask("gymnasium", session)
    return visit


class _Timed(Pulsed):
    """Answers until `ends`, then raises OutOfTime."""

    def __init__(self, env: Any, tick: Callable[[], None], ends: Deadline) -> None:
        super().__init__(env, tick)
        self._ends = ends

    def reset(self, **arguments: Any) -> Any:
        """The environment's answer."""
        self._look()
        return super().reset(**arguments)

    def step(self, action: Any) -> Any:
        """The environment's answer."""
        self._look()
        return super().step(action)

    def _look(self) -> None:
        if self._ends.is_over(time.monotonic()):
            raise OutOfTime


def _tell(session: Session, fault: Fault) -> None:
    if fault.id not in _JUDGED_LATER | _RAISED:
        session.found(as_finding(fault, _DEFECTS.get(fault.id)))


def _look_at_spaces(session: Session, visit: Visit, make: Callable[[], Any], limit: int | None) -> None:
    from scoper.probe.doctor.spaces import look_at_spaces

    env = make()
    look_at_spaces(env, visit.ledger)
    look_at_reset(env, visit.ledger)
    with visit.ledger.guarded("close"):
        env.close()


def _look_at_steps(session: Session, visit: Visit, make: Callable[[], Any], limit: int | None) -> None:
    from scoper.probe.doctor.stepping import Stepper

    visit.pace = _pace(session, visit, make)
    budget_s = session.plan.budget_s
    planned = steps_within(_STEPPING_SHARE * budget_s, visit.pace, _FEWEST_STEPS, STEPS)
    if planned < STEPS:
        visit.ledger.not_examined.append(f"more than {planned:,} timesteps: they are slow")
    most = (planned, _LONGEST_SHARE * budget_s)
    seeds = iter(session.seeds("stepping", STEPS))
    stepper = Stepper(make, visit.ledger, seeds, limit, most, visit.spec.seconds_per_step)
    stepper.run()
    if not stepper.in_time:
        visit.ledger.not_examined.append(f"all of the {planned:,} timesteps: the time for them was over")
    if stepper.env is not None:
        with visit.ledger.guarded("close"):
            stepper.env.close()


def _pace(session: Session, visit: Visit, make: Callable[[], Any]) -> float:
    """The environment's pace; that of a fast one where it is broken, which others say."""
    from scoper.probe.doctor.seeding import measured_pace

    try:
        return measured_pace(make, Ledger(visit.folder), session.seeds("pace", 1)[0])
    except Unfit:
        return math.inf


def _look_at_seeds(session: Session, visit: Visit, make: Callable[[], Any], limit: int | None) -> None:
    from scoper.probe.doctor.seeding import look_at_seeding

    visit.replays = look_at_seeding(make, visit.ledger, session.seeds("seeding", 6), visit.pace)
