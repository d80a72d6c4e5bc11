"""One job of a sweep: a sheltered child measures the cell, and whatever happens becomes the cell's record.

A job knows its key and its plan and nothing else, so it gives the same record in any process on any machine.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from scoper.domain.cell import CellMeasured, CellPlan, Fault
from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.probe import Failed, ProbeEvent, ProbePlan
from scoper.domain.sweep import CellKey, CellRecord, Job
from scoper.probe.runner import run
from scoper.services.sweep_code import Code
from scoper.services.sweep_code import code_of as code_of_spec

_LOG_KEPT = 2000


def job_of(plan: ProbePlan, code: str, learner: str | None, number: int) -> Job:
    """The job of one cell of `plan`'s spec; `code`: digest of what `code_of` gives."""
    key = CellKey(
        spec=plan.spec_digest,
        code=code,
        learner=learner,
        number=number,
        seed=plan.seed,
        budget=plan.budget,
        budget_s=plan.budget_s,
        learning_steps=plan.learning_steps,
    )
    folder = str(Path(plan.spec_dir).resolve())  # a worker elsewhere has another working folder
    cell = CellPlan(learner=learner, seed=number)
    return Job(key=key, plan=plan.model_copy(update={"cell": cell, "spec_dir": folder}))


def code_of(plan: ProbePlan) -> Code:
    """The code that the plan's spec names, wherever it lies; empty where it names none."""
    spec = plan.spec
    return code_of_spec(spec, Path(plan.spec_dir)) if isinstance(spec, EnvironmentSpec) else Code()


async def measure(job: Job) -> CellRecord:
    """The record of `job`; a crash, a hang and the like are faults in it. Cancelling it ends the child."""
    last: ProbeEvent | None = None
    async with contextlib.aclosing(run(job.plan)) as events:
        async for event in events:
            last = event
    if isinstance(last, CellMeasured):
        return CellRecord(key=job.key, measurement=last.measurement, versions=last.versions)
    if isinstance(last, Failed):
        found = last.result.findings[0] if last.result and last.result.findings else None
        fault = Fault(code=last.code, claim=last.message, remedy=found.remedy if found else "")
        return CellRecord(key=job.key, measurement=fault, log=last.log_tail[-_LOG_KEPT:])
    return failed_record(job, "internal", "the probe ended without a measurement")


def failed_record(job: Job, code: str, claim: str, remedy: str = "run the sweep again") -> CellRecord:
    """The record of a job whose worker was lost."""
    return CellRecord(key=job.key, measurement=Fault(code=code, claim=claim, remedy=remedy))
