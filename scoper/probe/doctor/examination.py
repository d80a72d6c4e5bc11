"""One child's part of an examination: some sections, each going on where another could not."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from scoper.domain.doctor import CHECKERS, Examination, ExaminationPlan, as_finding
from scoper.domain.mdp import EnvironmentSpec, Spec
from scoper.modelling.faults import OutOfTime
from scoper.probe.doctor.ledger import Ledger, Pulsed, Unfit
from scoper.probe.doctor.tracing import definition
from scoper.probe.seen import Seen
from scoper.probe.session import Session

_REPLAY_S = 0.5


def run_examination(session: Session, plan: ExaminationPlan) -> Examination:
    """What the plan's sections found; every fault is also raised as a finding when it is found."""
    spec, folder = session.plan.spec, Path(session.plan.spec_dir)
    make = _maker(session)
    asked = [name for name in plan.sections if name in CHECKERS]
    if asked:
        from scoper.probe.doctor.checkers import ask

        session.stage("contract", asked[0])
        elsewhere = Ledger(folder)
        if plan.replay:
            with contextlib.suppress(Unfit):
                _again(session, plan, elsewhere, _pulsed(session, make))
        checkers = tuple(ask(name, make, folder, session.pulse.tick) for name in asked)
        faults = tuple(fault for fault in elsewhere.faults() if fault.id == "seed_not_reproducible")
        return Examination(name=spec.name, checkers=checkers, faults=faults)
    ledger = Ledger(folder, lambda fault: session.found(as_finding(fault)))
    for section in plan.sections:
        session.stage("contract", section)
        try:
            _SECTIONS[section](session, plan, ledger, _pulsed(session, make))
        except Unfit:
            ledger.not_examined.append(f"all of '{section}': it was ended by a fault")
        except OutOfTime:
            ledger.not_examined.append(f"all of '{section}': the time was over")
        if ledger.knows("reset_signature", "step_signature", "space_missing", "method_missing"):
            break
        if section == "spaces" and ledger.knows("environment_crash"):
            break
    return Examination(
        name=spec.name,
        faults=ledger.faults(),
        steps=ledger.steps,
        not_examined=tuple(ledger.not_examined),
        replay=ledger.replay,
    )


def _maker(session: Session) -> Callable[[], Any]:
    spec = session.plan.spec
    if isinstance(spec, EnvironmentSpec):
        from scoper.probe.loading import environment_factory

        return environment_factory(spec, Path(session.plan.spec_dir))
    from scoper.modelling.spec_env import spec_env

    return lambda: spec_env(spec)


def _pulsed(session: Session, make: Callable[[], Any]) -> Callable[[], Any]:
    """Environments of which every answer is a sign of life."""

    def pulsed() -> Any:
        env = Pulsed(make(), session.pulse.tick)
        session.pulse.tick()
        return env

    return pulsed


def _spaces(session: Session, plan: ExaminationPlan, ledger: Ledger, make: Callable[[], Any]) -> None:
    from scoper.errors import InputError
    from scoper.probe.doctor.spaces import look_at_spaces
    from scoper.probe.idle_action import require_idle_action

    try:
        env = make()
    except InputError:
        raise
    except BaseException as error:
        ledger.crashed(error, "the constructor")
        raise Unfit from error
    require_idle_action(session.plan, getattr(env, "action_space", None))
    look_at_spaces(env, ledger)
    look_at_reset(env, ledger)
    with ledger.guarded("close"):
        env.close()


def look_at_reset(env: Any, ledger: Ledger) -> None:
    """The arguments that reset takes."""
    try:
        parameters = inspect.signature(env.unwrapped.reset).parameters
    except (TypeError, ValueError, AttributeError):
        return
    if any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters.values()):
        return
    place = definition(env, "reset")
    if "seed" not in parameters:
        ledger.add("reset_signature", "reset takes no seed: no episode can be repeated", place)
    elif "options" not in parameters:
        ledger.add("reset_options", "reset takes no options, which wrappers may pass", place)


def _stepping(session: Session, plan: ExaminationPlan, ledger: Ledger, make: Callable[[], Any]) -> None:
    from scoper.probe.doctor.stepping import Stepper
    from scoper.probe.loading import registered_limit

    spec = session.plan.spec
    env = make()
    limit = registered_limit(env)
    patience_s = spec.seconds_per_step if isinstance(spec, EnvironmentSpec) else 1.0
    seeds = iter(_seeds(session))
    stepper = Stepper(make, ledger, seeds, limit, (plan.steps, plan.seconds), patience_s, env)
    stepper.run()
    _objective(spec, ledger, stepper.seen)
    if stepper.env is not None:
        with ledger.guarded("close"):
            stepper.env.close()


def _objective(spec: Spec, ledger: Ledger, seen: Seen) -> None:
    """Whether step's info holds the number that its owner wants."""
    from scoper.probe.objectives import unheard

    missing = unheard(spec.objective, seen) if isinstance(spec, EnvironmentSpec) and ledger.steps else None
    if missing is not None:
        ledger.add(missing.code, missing.claim, remedy=missing.remedy, **missing.evidence)


def _seeds(session: Session) -> Iterator[int]:
    yield from session.seeds("stepping", 20_000)


def _seeding(session: Session, plan: ExaminationPlan, ledger: Ledger, make: Callable[[], Any]) -> None:
    from scoper.probe.doctor.elsewhere import MOST_STEPS, episode_in_numbers
    from scoper.probe.doctor.seeding import look_at_seeding, measured_pace
    from scoper.probe.pace import steps_within

    seeds = session.seeds("seeding", 6)
    pace = measured_pace(make, ledger, seeds[5])
    if look_at_seeding(make, ledger, seeds, pace):
        with ledger.guarded("the constructor"):
            env = make()
        ledger.replay = episode_in_numbers(env, ledger, seeds[0], steps_within(_REPLAY_S, pace, 5, MOST_STEPS))
        with ledger.guarded("close"):
            env.close()


def _again(session: Session, plan: ExaminationPlan, ledger: Ledger, make: Callable[[], Any]) -> None:
    """The episode of another child, once more in this one."""
    from scoper.probe.doctor.elsewhere import look_elsewhere

    look_elsewhere(make, ledger, session.seeds("seeding", 6)[0], plan.replay)


def _memory(session: Session, plan: ExaminationPlan, ledger: Ledger, make: Callable[[], Any]) -> None:
    from scoper.probe.doctor.memory import look_at_memory

    if plan.replay:
        _again(session, plan, ledger, make)
    with ledger.guarded("the constructor"):
        env = make()
    look_at_memory(env, ledger, session.seeds("memory", 1)[0])
    with ledger.guarded("close"):
        env.close()


_SECTIONS: dict[str, Callable[[Session, ExaminationPlan, Ledger, Callable[[], Any]], None]] = {
    "spaces": _spaces,
    "stepping": _stepping,
    "seeding": _seeding,
    "memory": _memory,
}
