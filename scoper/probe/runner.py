"""The parent's side: start the child, pass on its events, and end it whatever happens.

The child is a process of its own session. It is watched for silence, total time and memory; when it dies, hangs or
grows, the last event is a `Failed` that names the line of code. Closing the iterator kills it. POSIX only.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import time
import uuid
from collections import deque
from collections.abc import AsyncGenerator
from pathlib import Path

from scoper.domain.cell import CellMeasured
from scoper.domain.findings import Finding
from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.probe import (
    Collected,
    Examined,
    Failed,
    FailureCode,
    FindingRaised,
    Finished,
    Heartbeat,
    ProbeEvent,
    ProbePlan,
    Replayed,
)
from scoper.probe import processes
from scoper.probe.clock import MOST_SLOWER
from scoper.probe.failures import death, failed
from scoper.probe.patience import allowed_s, hang_words
from scoper.probe.places import place_in_dump
from scoper.probe.protocol import LineReader, LogTail, OutputFault, decode
from scoper.probe.trust import consent_needed

DEFAULT_MEMORY_MB = 4096
ENDS = (Finished, Collected, Examined, CellMeasured, Replayed, Failed)
_POLL_S = 0.1
_DUMP_S = 0.4
_GRACE_S = 15.0


async def run(plan: ProbePlan) -> AsyncGenerator[ProbeEvent]:
    """Events of the probe, the last one of `ENDS`; closing the iterator ends the child."""
    if not plan.trust and (needed := consent_needed(plan.spec)):
        yield failed(plan, "untrusted", needed)
        return
    supervisor = _Supervisor(plan)
    try:
        while True:
            for event in await supervisor.events():
                yield event
                if isinstance(event, ENDS):
                    return
            await supervisor.wait()
    finally:
        supervisor.end()


class _Supervisor:
    """One child: its pipes, its clock, its limits."""

    def __init__(self, plan: ProbePlan) -> None:
        self._token = uuid.uuid4().hex
        self._folder = Path(plan.spec_dir).resolve()
        self._plan = plan = plan.model_copy(update={"spec_dir": str(self._folder)})
        self._lines: deque[bytes] = deque()
        self._reader = LineReader()
        self._log = LogTail()
        self._known: list[Finding] = []
        self._news = asyncio.Event()
        self._fault = ""
        self._started = self._sign_of_life = time.monotonic()
        self._progress, self._queued_s = 0, 0.0
        self._process = subprocess.Popen(
            processes.command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=processes.child_environment(self._token, plan.examination.hash_seed if plan.examination else 0),
            cwd=self._folder if self._folder.is_dir() else None,
            start_new_session=True,
        )
        assert self._process.stdin
        assert self._process.stdout
        assert self._process.stderr
        self._open = {self._process.stdout.fileno(): self._feed_lines, self._process.stderr.fileno(): self._log.feed}
        loop = asyncio.get_running_loop()
        for descriptor in self._open:
            os.set_blocking(descriptor, False)
            loop.add_reader(descriptor, self._pump, descriptor)
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(plan.model_dump_json().encode() + b"\n")
            self._process.stdin.flush()

    async def wait(self) -> None:
        """Until there may be something new."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), _POLL_S)
        self._news.clear()

    async def events(self) -> list[ProbeEvent]:
        """What has come since the last call; the last one is a `Failed` when a limit is broken."""
        exited = self._process.poll() is not None
        for descriptor in tuple(self._open):
            self._pump(descriptor)
        news: list[ProbeEvent] = []
        try:
            while self._lines:
                news.append(self._take(decode(self._lines.popleft())))
        except OutputFault as fault:
            self._fault = str(fault)
        if news and isinstance(news[-1], ENDS):
            return news
        trouble = await self._trouble(exited)
        return [*news, trouble] if trouble else news

    def end(self) -> None:
        """Kill everything the child started and close the pipes."""
        loop = asyncio.get_running_loop()
        for descriptor in self._open:
            loop.remove_reader(descriptor)
        self._open.clear()
        processes.end_all(self._process, self._token)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _pump(self, descriptor: int) -> None:
        """Read what is there, at most a mebibyte, so that a flood cannot starve the rest."""
        for _ in range(16):
            try:
                data = os.read(descriptor, 65536)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                asyncio.get_running_loop().remove_reader(descriptor)
                self._open.pop(descriptor, None)
                self._news.set()
                return
            self._open[descriptor](data)

    def _feed_lines(self, data: bytes) -> None:
        try:
            self._lines.extend(self._reader.feed(data))
        except OutputFault as fault:
            self._fault = str(fault)
        self._news.set()

    def _take(self, event: ProbeEvent) -> ProbeEvent:
        if not isinstance(event, Heartbeat) or event.progress > self._progress:
            self._sign_of_life, self._queued_s = time.monotonic(), processes.queued_s(self._process.pid)
        if isinstance(event, Heartbeat):
            self._progress = max(self._progress, event.progress)
        if isinstance(event, FindingRaised):
            self._known.append(event.finding)
        if isinstance(event, Failed):
            return event.model_copy(update={"log_tail": self._log.text()})
        return event

    async def _trouble(self, exited: bool) -> Failed | None:
        now, plan = time.monotonic(), self._plan
        if self._fault:
            return self._failed("output", f"the probe's private pipe carried {self._fault}")
        if exited:
            what, evidence = death(self._process.returncode)
            return self._failed("crash", what, evidence)
        limit_mb = plan.spec.memory_mb if isinstance(plan.spec, EnvironmentSpec) else DEFAULT_MEMORY_MB
        used_mb = processes.memory_mb(self._process.pid)
        if used_mb > limit_mb:
            return await self._stopped(
                "memory", f"the environment took {used_mb:.0f} MiB of the {limit_mb} MiB allowed"
            )
        silence_s = allowed_s(plan, begun=bool(self._progress))
        if now - self._sign_of_life > silence_s and self._silent_s(now) > silence_s:
            return await self._stopped("hang", hang_words(plan, silence_s))
        if now - self._started > plan.budget_s * 1.2 * MOST_SLOWER + _GRACE_S:
            return await self._stopped("deadline", f"the probe did not end within its budget of {plan.budget_s:g} s")
        return None

    def _silent_s(self, now: float) -> float:
        """Seconds since the last sign of life in which the child could have given another one."""
        return now - self._sign_of_life - (processes.queued_s(self._process.pid) - self._queued_s)

    async def _stopped(self, code: FailureCode, what: str) -> Failed:
        """Ask the child where it stands, then report; it is killed by `end`."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process.pid, signal.SIGUSR1)
        until = time.monotonic() + _DUMP_S
        while time.monotonic() < until and self._process.poll() is None:
            await asyncio.sleep(0.02)
        return self._failed(code, what)

    def _failed(self, code: FailureCode, what: str, evidence: dict[str, object] | None = None) -> Failed:
        log = self._log.text()
        place = place_in_dump(log, self._folder)
        return failed(self._plan, code, what, place=place, log_tail=log, known=self._known, evidence=evidence)
