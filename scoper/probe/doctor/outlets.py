"""What an environment writes to stdout and stderr while it is reset and stepped, and from which line.

Python's streams are replaced for the time of an examination; what was written goes on to the log.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from scoper.domain.text import shown
from scoper.probe.doctor.ledger import Ledger
from scoper.probe.doctor.tracing import Returns
from scoper.probe.places import Place, is_foreign

_SEVERAL = 3
_STDERR_SHARE = 0.1
_QUOTED = 60
_FORWARDED = 4096


class _Stream(io.TextIOBase):
    """Counts what passes while a call is open, and remembers where it came from first."""

    def __init__(self, behind: Any) -> None:
        self.behind, self.open, self.written = behind, False, 0
        self.calls, self.text = 0, ""
        self.place: Place | None = None
        self._counted = False

    def begin(self) -> None:
        self.open, self._counted = True, False

    def write(self, text: str) -> int:
        if self.open and text:
            self.written += len(text)
            if not self._counted:
                self._counted, self.calls = True, self.calls + 1
            if self.place is None:
                self.place, self.text = _caller(), text
        return self.behind.write(text)  # type: ignore[no-any-return]

    def flush(self) -> None:
        self.behind.flush()

    def fileno(self) -> int:
        return self.behind.fileno()  # type: ignore[no-any-return]


def _caller() -> Place | None:
    frame = sys._getframe(2)
    while frame is not None:
        if is_foreign(frame.f_code.co_filename):
            return Place(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)
        frame = frame.f_back  # type: ignore[assignment]
    return None


class _Native:
    """Counts what is written to file descriptor 1 itself, as C libraries do; what it says goes on to the log."""

    def __init__(self) -> None:
        _held_open()
        self._kept, self.calls = os.dup(1), 0
        self.place: Place | None = None
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - `close` closes it
        os.dup2(self._file.fileno(), 1)

    def look(self, place: Place | None) -> None:
        """A call that returned from `place` is over: did anything come, or does it wait in a buffer of C's?"""
        _flush_c()
        size = os.fstat(self._file.fileno()).st_size
        if not size:
            return
        self.calls += 1
        self.place = self.place or place
        with contextlib.suppress(OSError):
            os.write(self._kept, os.pread(self._file.fileno(), _FORWARDED, 0))
            os.ftruncate(self._file.fileno(), 0)
            os.lseek(self._file.fileno(), 0, os.SEEK_SET)

    def close(self) -> None:
        """Put the descriptor back."""
        os.dup2(self._kept, 1)
        os.close(self._kept)
        self._file.close()


def _flush_c() -> None:
    """Write out what C's streams hold back."""
    if _C_LIBRARY:
        _C_LIBRARY[0].fflush(None)


def _c_library() -> list[Any]:
    try:
        library = ctypes.CDLL(None)
        library.fflush.argtypes = [ctypes.c_void_p]
    except (OSError, AttributeError):
        return []
    return [library]


_C_LIBRARY = _c_library()


def _held_open() -> None:
    """Let descriptors 1 and 2 lead to nowhere where an environment has closed them."""
    for number in (1, 2):
        try:
            os.fstat(number)
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)


class Outlets:
    """While entered: both streams are watched."""

    def __init__(self) -> None:
        self._streams = {"stdout": _Stream(sys.stdout), "stderr": _Stream(sys.stderr)}
        self._calls = 0

    def __enter__(self) -> Outlets:
        self._native = _Native()
        sys.stdout, sys.stderr = self._streams["stdout"], self._streams["stderr"]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        sys.stdout, sys.stderr = self._streams["stdout"].behind, self._streams["stderr"].behind
        self._native.close()

    @contextmanager
    def call(self, returns: Returns) -> Iterator[None]:
        """What is written as long as this lasts was written by reset or step."""
        self._calls += 1
        for stream in self._streams.values():
            stream.begin()
        try:
            yield
        finally:
            for stream in self._streams.values():
                stream.open = False
            self._native.look(returns.last)

    def report(self, ledger: Ledger) -> None:
        """Write down prints: to stdout from a few on, to stderr (where logs go) when many calls write."""
        for name, stream in self._streams.items():
            fewest = _SEVERAL if name == "stdout" else max(_SEVERAL, _STDERR_SHARE * self._calls)
            if stream.calls < fewest:
                continue
            quoted = shown(stream.text, _QUOTED)
            claim = f"{stream.calls} of {self._calls} calls of reset and step wrote to {name}, first '{quoted}'"
            ledger.add("prints", claim, stream.place, stream=name, characters=stream.written, calls=stream.calls)
        if self._native.calls >= _SEVERAL:
            claim = f"{self._native.calls} of {self._calls} calls of reset and step wrote to stdout past Python"
            ledger.add("prints", claim, self._native.place, stream="stdout", calls=self._native.calls)
