"""The jobs of a sweep as tasks on a Ray cluster: text goes out, text comes back, and only this side writes files.

A task is one job with one CPU, spread over the nodes; it supervises its sheltered child there. The nodes need the same
scoper (and, for an environment of one's own, its code at the same place) but share no disk. A lost worker or node costs
nothing but time: the task is pure and is tried again elsewhere, up to three times.
"""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import scoper
from scoper.domain.sweep import CellRecord, Job
from scoper.domain.text import one_line
from scoper.errors import ProbeError, Problem, UsageError
from scoper.services.sweep_engines import Done, Engine
from scoper.services.sweep_jobs import failed_record, measure

_RETRIES = 3
_AHEAD = 2
"""Tasks handed over for every CPU of the cluster: enough that none waits for the next one."""


def over_ray(address: str, workers: int | None) -> Engine:
    """The engine of the cluster at `address` (auto: the one that runs here), at most `workers` tasks at a time.

    Raises UsageError when Ray is not installed, ProbeError when no cluster answers.
    """
    if find_spec("ray") is None:
        problem = Problem("missing-extra", "--ray needs the extra 'ray'", remedy="pip install 'problem-scoper[ray]'")
        raise UsageError(problem)

    def engine(jobs: Sequence[Job], done: Done) -> None:
        import ray

        connected_here = not ray.is_initialized()
        if connected_here:
            _connect(ray, address)
        try:
            _all(ray, jobs, done, workers)
        finally:
            if connected_here:
                ray.shutdown()

    return engine


def measure_as_text(job: str, version: str) -> tuple[str, str]:
    """What a task does: the record of `job` as JSON, and which node measured it. `version`: scoper's over there."""
    import ray

    asked = Job.model_validate_json(job)
    if version != scoper.__version__:
        claim = f"the node has scoper {scoper.__version__}, the sweep was started with {version}"
        record = failed_record(asked, "versions_differ", claim, "install the same scoper on every node")
    else:
        record = asyncio.run(measure(asked))
    node = ray.get_runtime_context().get_node_id()
    return record.model_dump_json(), f"{socket.gethostname()}/{node[:8]}"


def _connect(ray: Any, address: str) -> None:
    try:
        ray.init(address=address, log_to_driver=False, logging_level="ERROR")
    except (ConnectionError, ValueError, RuntimeError, TimeoutError) as error:
        message = f"no Ray cluster answers at '{address}': {one_line(str(error))[:200]}"
        remedy = "start one with `ray start --head`, and give its address"
        raise ProbeError(Problem("ray-unreachable", message, remedy=remedy)) from None


def _all(ray: Any, jobs: Sequence[Job], done: Done, workers: int | None) -> None:
    task = ray.remote(num_cpus=1, max_retries=_RETRIES, scheduling_strategy="SPREAD")(measure_as_text)
    waiting: deque[Job] = deque(jobs)
    running: dict[Any, Job] = {}
    try:
        while waiting or running:
            most = workers or _AHEAD * max(1, int(ray.cluster_resources().get("CPU", 1)))
            while waiting and len(running) < most:
                job = waiting.popleft()
                running[task.remote(job.model_dump_json(), scoper.__version__)] = job
            ended, _ = ray.wait(list(running), num_returns=1)
            for reference in ended:
                job = running.pop(reference)
                record, where = _collected(ray, reference, job)
                waiting.extend(done(job, record, where))
    finally:
        for reference in running:
            ray.cancel(reference, force=True)


def _collected(ray: Any, reference: Any, job: Job) -> tuple[CellRecord, str]:
    """The record that came back, or one that says how the task was lost."""
    try:
        text, where = ray.get(reference)
        return CellRecord.model_validate_json(text), where
    except ray.exceptions.RayError as error:
        last = one_line(str(error).strip().splitlines()[-1] if str(error).strip() else type(error).__name__)
        claim = f"the task was lost: {type(error).__name__}: {last[:300]}"
        return failed_record(job, "worker_lost", claim, "see that every node has scoper, then run the sweep again"), ""
