"""What runs the jobs of a sweep on this machine: one sheltered child a job, at most so many at a time.

An engine takes jobs and hands every record to `done` as soon as it is there; `done` may answer with further jobs. The
children are the probe's own, so a crash, a hang or a leak costs one cell; ending the engine ends them all.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from scoper.domain.sweep import CellRecord, Job
from scoper.services.sweep_jobs import measure

Done = Callable[[Job, CellRecord, str], Sequence[Job]]
"""Takes a job, its record and where it ran (empty: here); returns the jobs that this one makes possible."""
Engine = Callable[[Sequence[Job], Done], None]


def over_processes(workers: int) -> Engine:
    """The engine of this machine with at most `workers` children at a time."""

    def engine(jobs: Sequence[Job], done: Done) -> None:
        asyncio.run(_all(jobs, done, max(1, workers)))

    return engine


async def _all(jobs: Sequence[Job], done: Done, workers: int) -> None:
    waiting = deque(jobs)
    running: dict[asyncio.Task[CellRecord], Job] = {}
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                job = waiting.popleft()
                running[asyncio.create_task(measure(job))] = job
            ended, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                waiting.extend(done(running.pop(task), task.result(), ""))
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
