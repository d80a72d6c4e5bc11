"""The child: reads one plan, measures, sends events, leaves.

Whatever the environment raises becomes a `Failed` that names its line; the way out is `os._exit`, so that no thread
and no exit handler of the environment can hold it up.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from scoper.domain.cell import CellMeasured
from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.probe import Collected, Examined, Failed, Finished, ProbePlan, Replayed, Started
from scoper.errors import ScoperError
from scoper.probe import shelter
from scoper.probe.crash_remedies import remedy_of
from scoper.probe.failures import failed
from scoper.probe.places import own_places, place_of_error, said_by

_MDP_MEMORY_MB = 4096


def main() -> None:
    """Run the plan on stdin; never returns."""
    line = shelter.read_plan()
    pulse = shelter.Pulse()
    channel = shelter.enter(pulse)
    plan = ProbePlan.model_validate_json(line)
    shelter.limit(plan.spec.memory_mb if isinstance(plan.spec, EnvironmentSpec) else _MDP_MEMORY_MB)
    channel.emit(_started(plan))
    channel.emit(measure(plan, channel, pulse))
    os._exit(0)


def measure(
    plan: ProbePlan, channel: shelter.Channel, pulse: shelter.Pulse
) -> Finished | Collected | Examined | CellMeasured | Replayed | Failed:
    """The closing event of the plan, whatever happens on the way."""
    from scoper.probe.session import Session
    from scoper.probe.stages import run_stages

    session = Session(plan, channel.emit, pulse)
    try:
        if plan.sampling is not None:
            from scoper.probe.sampling import run_sampling

            return run_sampling(session, plan.sampling)
        if plan.examination is not None:
            from scoper.probe.doctor.examination import run_examination

            return Examined(examination=run_examination(session, plan.examination))
        if plan.cell is not None:
            from scoper.probe.cell import run_cell

            return run_cell(session, plan.cell)
        if plan.replay is not None:
            from scoper.probe.certificates import run_replay

            return run_replay(session, plan.replay)
        return Finished(result=run_stages(session))
    except BaseException as error:
        return _failure(session, error)


def _started(plan: ProbePlan) -> Started:
    from scoper.probe.spending import efforts_of, looks_of

    most = looks_of(plan, 0, len(efforts_of(plan, has_table=False)))[-1]
    return Started(
        name=plan.spec.name,
        spec_digest=plan.spec_digest,
        budget=plan.budget,
        budget_s=plan.budget_s,
        seed=plan.seed,
        n_seeds=most,
    )


def _failure(session: object, error: BaseException) -> Failed:
    from scoper.probe.apart import SeedFailure
    from scoper.probe.session import Session

    assert isinstance(session, Session)
    plan, known = session.plan, tuple(session.findings)
    place = place_of_error(error, Path(plan.spec_dir))
    if isinstance(error, SeedFailure):
        return failed(plan, error.code, error.what, place=error.place, known=known, evidence=error.evidence)
    if isinstance(error, MemoryError):
        return failed(plan, "memory", "the environment asked for more memory than allowed", place=place, known=known)
    if isinstance(error, ScoperError):
        return failed(plan, "bad_spec", "; ".join(p.sentence() for p in error.problems), known=known)
    kind = type(error).__name__
    what = said_by(error, 300)
    with contextlib.suppress(Exception):
        sys.excepthook(type(error), error, error.__traceback__)
    if place is None and not isinstance(error, SystemExit | KeyboardInterrupt):
        where: dict[str, object] = {"exception": kind, "at": own_places(error)}
        return failed(plan, "internal", f"the probe failed with {what}", known=known, evidence=where)
    evidence: dict[str, object] = {"exception": kind}
    said = f"the environment raised {what}"
    return failed(plan, "crash", said, place=place, known=known, evidence=evidence, remedy=remedy_of(error))


if __name__ == "__main__":
    main()
