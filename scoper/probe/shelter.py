"""The child's own protection against what the environment may do to it.

After `Shelter.enter` the environment's prints go to the log pipe, its input is empty, its files and memory are
limited, a crash names its line, and the whole group dies when the parent does. Runs before anything foreign is
imported.
"""

from __future__ import annotations

import contextlib
import faulthandler
import mmap
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from scoper.domain.probe import Heartbeat, ProbeEvent
from scoper.probe.failures import LOST_PIPE
from scoper.probe.processes import MARKER, marked
from scoper.probe.protocol import encode

HEARTBEAT_S = 0.5
_FILE_LIMIT = 256 * 2**20
_SPARE_MB = 2048
_DEADLY = ("SIGTERM", "SIGHUP", "SIGALRM", "SIGVTALRM", "SIGPROF", "SIGXCPU", "SIGUSR2")
COPIES = mmap.mmap(-1, 1)
"""One byte that every copy of this process shares: 1 once a copy that the environment forked has come back to us."""


class Pulse:
    """Counts signs of life: the environment's steps, and beats while scoper's own code computes."""

    def __init__(self) -> None:
        self.count = 0
        self._own = 0
        self._used_s: Callable[[], float] | None = None

    def tick(self) -> None:
        """One step of the environment came back."""
        self.count += 1

    @contextlib.contextmanager
    def own_work(self):  # type: ignore[no-untyped-def]
        """While scoper's own code computes, every heartbeat is a sign of life."""
        self._own += 1
        try:
            yield
        finally:
            self._own -= 1

    def count_time(self, used_s: Callable[[], float]) -> None:
        """From now on heartbeats tell how much of the budget is used; `used_s` is asked by the thread that beats."""
        self._used_s = used_s

    @contextlib.contextmanager
    def timed_by(self, used_s: Callable[[], float]) -> Iterator[None]:
        """While others work and this process waits for them, it is their time that is used."""
        before, self._used_s = self._used_s, used_s
        try:
            yield
        finally:
            self._used_s = before

    def beat(self) -> Heartbeat:
        """The heartbeat to send."""
        if self._own:
            self.count += 1
        used_s = None if self._used_s is None else round(self._used_s(), 3)
        return Heartbeat(progress=self.count, used_s=used_s)


@dataclass
class Channel:
    """The private pipe to the parent: numbered, timed events, one line each."""

    descriptor: int
    write_as: Callable[[Any], bytes] = encode

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._owner = os.getpid()
        self._started = time.monotonic()
        self._seq = 0

    def emit(self, event: ProbeEvent) -> None:
        """Send `event`; a forked copy of the child ends here, and a child without its pipe does too."""
        if os.getpid() != self._owner:
            came_back()
        with self._lock:
            if not isinstance(event, Heartbeat):
                self._seq += 1
            elapsed_s = round(time.monotonic() - self._started, 4)
            line = self.write_as(event.model_copy(update={"seq": self._seq, "t_s": elapsed_s}))
            try:
                while line:
                    line = line[os.write(self.descriptor, line) :]
            except OSError:
                os._exit(LOST_PIPE)


def read_plan() -> bytes:
    """The first line of stdin, byte by byte: what follows it must stay in the pipe."""
    line = bytearray()
    while (byte := os.read(0, 1)) not in (b"", b"\n"):
        line += byte
    return bytes(line)


def enter(pulse: Pulse) -> Channel:
    """Leave a guardian that watches the parent, take the pipes away from the environment, start the heartbeat."""
    parent_alive = os.dup(0)
    _leave_guardian(parent_alive)
    os.close(parent_alive)
    return _take_over(pulse, encode)


def enter_beside(pulse: Pulse, write_as: Callable[[Any], bytes]) -> Channel:
    """The same in a process that the child started: it is of the child's group, whose guardian stands already."""
    return _take_over(pulse, write_as)


def _take_over(pulse: Pulse, write_as: Callable[[Any], bytes]) -> Channel:
    private, log = os.dup(1), os.dup(2)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    faulthandler.enable(file=log, all_threads=True)
    if hasattr(faulthandler, "register"):
        faulthandler.register(signal.SIGUSR1, file=log, all_threads=True)
        for name in _DEADLY:
            faulthandler.register(getattr(signal, name), file=log, all_threads=True, chain=True)
    _tell_exits(log)
    channel = Channel(private, write_as)
    threading.Thread(target=_beat, args=(channel, pulse), daemon=True).start()
    return channel


def _tell_exits(log: int) -> None:
    """Let code that ends the process without a trace (os._exit, SIGKILL to itself) leave its stack in the log."""
    owner, leave, send = os.getpid(), os._exit, os.kill

    def tell() -> None:
        if os.getpid() == owner and str(sys._getframe(2).f_globals.get("__package__")).partition(".")[0] != "scoper":
            with contextlib.suppress(OSError, ValueError):
                faulthandler.dump_traceback(log, all_threads=True)

    def _exit(status: int) -> Any:
        tell()
        leave(status)

    def kill(pid: int, signal_number: int, /) -> None:
        if pid == owner and signal_number == signal.SIGKILL:
            tell()
        send(pid, signal_number)

    os._exit, os.kill = _exit, kill


def came_back() -> None:
    """A copy of the process that the environment forked is where only the first one should be: it ends."""
    COPIES[0] = 1
    os._exit(0)


def limit(memory_mb: int) -> None:
    """No core files, no endless files, and no more memory than is plausible (the parent watches the exact limit)."""
    import resource

    data = (memory_mb + _SPARE_MB) * 2**20
    for kind, size in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, _FILE_LIMIT),
        (resource.RLIMIT_DATA, data),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (size, size))
    with contextlib.suppress(OSError, ValueError):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def _leave_guardian(parent_alive: int) -> None:
    """Fork a process that does nothing but wait for the parent to vanish, and then ends the whole group.

    A process and not a thread: it also acts while the environment holds the interpreter's lock, and it can end what
    the environment started. It is nobody's child, so that the environment's own waiting does not see it.
    """
    between = os.fork()
    if between:
        os.waitpid(between, 0)
        return
    if os.fork():
        os._exit(0)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for descriptor in range(3, 64):
        if descriptor != parent_alive:
            with contextlib.suppress(OSError):
                os.close(descriptor)
    for descriptor in (0, 1, 2):
        with contextlib.suppress(OSError):
            os.close(descriptor)
    with contextlib.suppress(OSError):
        while os.read(parent_alive, 4096):
            pass
    token = os.environ.get(MARKER, "")
    for pid in marked(token) if token else ():
        if pid != os.getpid():
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
    os.killpg(0, signal.SIGKILL)


def _beat(channel: Channel, pulse: Pulse) -> None:
    while True:
        time.sleep(HEARTBEAT_S)
        channel.emit(pulse.beat())
