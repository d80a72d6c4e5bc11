"""Seeds of a learner in processes of their own, beside each other.

The processes belong to the probe's group: they are ended with it and their memory counts. Each is watched for silence.
Marks are passed on seed by seed, in the order in which one process would have made them, so that the events do not
depend on how many processes there are; nor does what a seed comes to.
"""

from __future__ import annotations

import math
import os
import selectors
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from scoper.baselines import Context, Task, batch_seeds
from scoper.baselines._marks import Marks, Trained
from scoper.baselines._rows import Algorithm, Settings
from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.probe import CurvePoint, FailureCode
from scoper.modelling.faults import EnvironmentFault, OutOfTime
from scoper.probe import processes as living
from scoper.probe.patience import allowed_s, hang_words
from scoper.probe.places import Place
from scoper.probe.seed_jobs import SeedDone, SeedJob, SeedsFailed, facts_of, settings_as_dict, take_in
from scoper.probe.seed_process import SeedProcess
from scoper.probe.seen import Seen
from scoper.probe.session import Session

_PROCESS_MB, _DEFAULT_MB = 700, 4096
"""What a process with torch and a small network takes, with room for its environments."""
_POLL_S = 0.1


class SeedFailure(BaseException):
    """A seed's process stopped for a reason that ends the probe.

    No `Exception`, so that nobody on the way takes it for a learner's own trouble.
    """

    def __init__(self, code: FailureCode, what: str, place: Place | None, evidence: dict[str, object]) -> None:
        super().__init__(what)
        self.code, self.what, self.place, self.evidence = code, what, place, evidence


@dataclass(frozen=True)
class SeedProcesses:
    """Trains seeds in environments like those of `make`, which are cut after `limit` timesteps and tell `seen`."""

    session: Session
    make: Callable[[], Any]
    limit: int
    seen: Seen

    def train(
        self, algorithm: Algorithm, settings: Settings, task: Task, context: Context, *, in_step: bool = False
    ) -> Sequence[Trained] | None:
        """What every seed of the batch came to, in its order; None where one process is all there is room for.

        in_step: the seeds of a process are trained together by what needs no torch. Raises what one process would
        raise, or SeedFailure.
        """
        seeds = dict(zip(context.batch, batch_seeds(context, f"{algorithm}/train"), strict=True))
        n_processes = min(len(seeds), _cores(), self._rooms())
        if n_processes < 2:
            return None
        numbers = list(seeds)
        shares = [{index: seeds[index] for index in numbers[place::n_processes]} for place in range(n_processes)]
        processes: list[SeedProcess] = []
        try:
            jobs = (self._job(algorithm, settings, task, share, in_step=in_step) for share in shares)
            processes.extend(map(SeedProcess, jobs))
            spent_s = self.session.clock.elapsed_s()
            used = self.session.pulse.timed_by(lambda: max(spent_s, *(process.used_s for process in processes)))
            with self.session.own_work(), used:
                found = _Relay(self.session, processes, numbers).run(in_step=in_step)
        finally:
            for process in processes:
                process.end()
        for process in processes:
            if process.ended is not None:
                take_in(self.seen, process.ended)
        self.session.clock.agree(max((p.ended.elapsed_s for p in processes if p.ended is not None), default=math.inf))
        return [_trained(done, algorithm, task, context) for done in found]

    def _rooms(self) -> int:
        """How many processes fit into the memory allowed beside this one: each loads what this one holds."""
        spec, own_mb = self.session.plan.spec, living.memory_mb(os.getpid())
        allowed_mb = spec.memory_mb if isinstance(spec, EnvironmentSpec) else _DEFAULT_MB
        return int((allowed_mb - own_mb) // max(_PROCESS_MB, own_mb))

    def _job(
        self, algorithm: Algorithm, settings: Settings, task: Task, seeds: dict[int, int], *, in_step: bool
    ) -> SeedJob:
        return SeedJob(
            plan=self.session.plan,
            algorithm=algorithm,
            seeds=seeds,
            in_step=in_step,
            settings=settings_as_dict(settings),
            facts=facts_of(task),
            objective=task.objective,
            pace=None if math.isinf(task.pace) else task.pace,
            limit=self.limit,
            spent_s=self.session.clock.elapsed_s(),
            reserved_s=self.session.reserved_s,
        )


class _Relay:
    """Reads the processes and passes on what the seeds say, in the order in which one process would say it."""

    def __init__(self, session: Session, processes: list[SeedProcess], numbers: list[int]) -> None:
        self._session, self._processes, self._numbers = session, processes, numbers
        self._owner = {index: process for process in processes for index in process.numbers}

    def run(self, *, in_step: bool) -> list[SeedDone]:
        """Until every seed is done."""
        with selectors.DefaultSelector() as selector:
            for process in self._processes:
                process.register(selector)
            if in_step:
                found = self._follow_all(selector)
            else:
                found = [self._follow(index, selector) for index in self._numbers]
            while not all(process.is_over for process in self._processes):  # what they have seen comes last
                self._read(selector)
            self._raise_failure()
            return found

    def _follow_all(self, selector: selectors.BaseSelector) -> list[SeedDone]:
        """Pass on the marks of all seeds in the order of their timesteps, those of the same number in that of seeds."""
        waiting: dict[int, deque[CurvePoint]] = {index: deque() for index in self._numbers}
        while True:
            for index, points in waiting.items():
                points.extend(self._owner[index].marks_of(index))
            done = {index: self._owner[index].done.get(index) for index in self._numbers}
            while any(waiting.values()) and all(points or done[index] for index, points in waiting.items()):
                first = min(
                    (index for index in self._numbers if waiting[index]), key=lambda i: (waiting[i][0].steps, i)
                )
                self._session.emit(waiting[first].popleft())
            found = [told for told in done.values() if told is not None]
            if len(found) == len(done) and not any(waiting.values()):
                return found
            self._raise_failure()
            self._read(selector)

    def _raise_failure(self) -> None:
        for process in self._processes:
            if process.failed is not None or process.has_died:
                _raise(process)

    def _follow(self, index: int, selector: selectors.BaseSelector) -> SeedDone:
        """Pass on the marks of seed `index` until it is done; the others' are kept meanwhile."""
        process = self._owner[index]
        while True:
            for point in process.marks_of(index):
                self._session.emit(point)
            if index in process.done:
                return process.done[index]
            if process.failed is not None or process.has_died:
                _raise(process)
            self._read(selector)

    def _read(self, selector: selectors.BaseSelector) -> None:
        for key, _ in selector.select(_POLL_S):
            key.data(key.fd, selector)
        for process in self._processes:
            process.look()
        self._watch_silence()

    def _watch_silence(self) -> None:
        now = time.monotonic()
        for process in self._processes:
            if process.is_over:
                continue
            allowed = allowed_s(self._session.plan, begun=bool(process.progress))
            if now - process.sign_of_life > allowed:
                place = process.where_it_stands()
                raise SeedFailure("hang", hang_words(self._session.plan, allowed), place, {})


def _raise(process: SeedProcess) -> None:
    """Raise what the failed process told, or how it died."""
    told = process.failed
    if told is None:
        what, evidence, place = process.death()
        raise SeedFailure("crash", what, place, evidence)
    place = None if told.place is None else Place(*told.place)
    if told.why == "fault":
        raise EnvironmentFault(**told.fault)
    if told.why == "out_of_time":
        raise OutOfTime
    if told.why == "memory":
        raise SeedFailure("memory", "the environment asked for more memory than allowed", place, {})
    _raise_error(told, place)


def _raise_error(told: SeedsFailed, place: Place | None) -> None:
    if told.why == "learner":
        raise type(told.error, (RuntimeError,), {})(told.message)
    what = f"the environment raised {told.error}" + (f": {told.message}" if told.message else "")
    raise SeedFailure("crash", what, place, {"exception": told.error})


def _trained(done: SeedDone, algorithm: Algorithm, task: Task, context: Context) -> Trained:
    marks = Marks(algorithm, done.index, done.planned, task, context, list(done.steps), list(done.means))
    return Trained(marks, done.mean, done.of_last, done.wanted, done.taken, done.cut, done.episodes)


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
