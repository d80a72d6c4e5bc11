"""One process that trains seeds, as the probe's child sees it: its pipes, what it told, when it last showed life."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

from scoper.domain.probe import CurvePoint, Heartbeat
from scoper.probe.failures import death
from scoper.probe.places import Place, place_in_dump
from scoper.probe.protocol import LineReader, LogTail, OutputFault
from scoper.probe.seed_jobs import SeedDone, SeedJob, SeedsEnded, SeedsFailed, decode

_DUMP_S = 0.4
_MOST_READS = 64
"""Of what is left in a pipe, which holds less, unless somebody else writes into it."""


class SeedProcess:
    """Started at once; `register` before anything is read."""

    def __init__(self, job: SeedJob) -> None:
        self.numbers = list(job.seeds)
        self.done: dict[int, SeedDone] = {}
        self.ended: SeedsEnded | None = None
        self.failed: SeedsFailed | None = None
        self.progress, self.sign_of_life = 0, time.monotonic()
        self.used_s = 0.0
        self._marks: dict[int, list[CurvePoint]] = defaultdict(list)
        self._reader, self._log = LineReader(), LogTail()
        self._folder = Path(job.plan.spec_dir)
        self._open, self._gone = 2, False
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "scoper.probe.seed_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self._process.stdin
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(job.model_dump_json().encode() + b"\n")
            self._process.stdin.close()

    @property
    def is_over(self) -> bool:
        """Whether nothing more is expected of it."""
        return self.ended is not None or self.failed is not None or self.has_died

    @property
    def has_died(self) -> bool:
        """Whether it is gone, or its pipes are closed, although it has not said that it ends."""
        return (self._gone or self._open == 0) and self.ended is None and self.failed is None

    def look(self) -> None:
        """Ask the process itself whether it is gone: one that it started may hold its pipes open after its end.

        What it wrote before is in the pipes by then, and is read first.
        """
        if self._gone or self._open == 0 or self._process.poll() is None:
            return
        for pipe, take in ((self._process.stdout, self._feed), (self._process.stderr, self._tell)):
            assert pipe
            os.set_blocking(pipe.fileno(), False)
            with contextlib.suppress(BlockingIOError):
                for _ in range(_MOST_READS):
                    if not (data := os.read(pipe.fileno(), 65536)):
                        break
                    take(data)
        self._gone = True

    def register(self, selector: selectors.BaseSelector) -> None:
        """Have `selector` name the functions that read its pipes."""
        assert self._process.stdout
        assert self._process.stderr
        selector.register(self._process.stdout, selectors.EVENT_READ, self._read_messages)
        selector.register(self._process.stderr, selectors.EVENT_READ, self._read_log)

    def marks_of(self, index: int) -> list[CurvePoint]:
        """The marks of a seed that were not asked for yet."""
        return self._marks.pop(index, [])

    def death(self) -> tuple[str, dict[str, object], Place | None]:
        """How it ended that should not have ended: in words, as evidence, and where."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1.0)
        what, evidence = death(self._process.returncode or 0)
        return what, evidence, place_in_dump(self._log.text(), self._folder)

    def where_it_stands(self) -> Place | None:
        """Ask the silent process for its stack."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGUSR1)
        assert self._process.stderr
        until, descriptor = time.monotonic() + _DUMP_S, self._process.stderr.fileno()
        os.set_blocking(descriptor, False)
        while time.monotonic() < until:
            with contextlib.suppress(BlockingIOError):
                self._log.feed(os.read(descriptor, 65536))
            time.sleep(0.02)
        return place_in_dump(self._log.text(), self._folder)

    def end(self) -> None:
        """Kill it and close its pipes."""
        self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1.0)
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe:
                pipe.close()

    def _read_messages(self, descriptor: int, selector: selectors.BaseSelector) -> None:
        data = os.read(descriptor, 65536)
        if not data:
            self._close(descriptor, selector)
            return
        self._feed(data)

    def _feed(self, data: bytes) -> None:
        try:
            for line in self._reader.feed(data):
                self._take(line)
        except OutputFault as fault:
            why = f"a seed's private pipe carried {fault}"
            self.failed = SeedsFailed(why="environment", error="OutputFault", message=why)

    def _read_log(self, descriptor: int, selector: selectors.BaseSelector) -> None:
        data = os.read(descriptor, 65536)
        if not data:
            self._close(descriptor, selector)
            return
        self._tell(data)

    def _tell(self, data: bytes) -> None:
        self._log.feed(data)
        with contextlib.suppress(OSError):
            os.write(2, data)

    def _close(self, descriptor: int, selector: selectors.BaseSelector) -> None:
        selector.unregister(descriptor)
        self._open -= 1

    def _take(self, line: bytes) -> None:
        message = decode(line)
        if not isinstance(message, Heartbeat) or message.progress > self.progress:
            self.sign_of_life = time.monotonic()
        if isinstance(message, Heartbeat):
            self.progress = max(self.progress, message.progress)
            self.used_s = max(self.used_s, message.used_s or 0.0)
        elif isinstance(message, CurvePoint):
            self._marks[message.seed].append(message)
        elif isinstance(message, SeedDone):
            self.done[message.index] = message
        elif isinstance(message, SeedsEnded):
            self.ended = message
        else:
            self.failed = message
