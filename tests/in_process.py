"""The command line as a user calls it, without the cost of a process of its own: same words, bytes, folder, exit code.

What only a new process shows (what is imported, signals, terminals, the same bytes under another hash seed) is tested
with one.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from scoper.interfaces import console
from scoper.interfaces.cli.main import main


@dataclass(frozen=True)
class Ended:
    """What a call left behind, as of `subprocess.run`."""

    returncode: int
    stdout: str
    stderr: str


def scoper(
    *argv: object, input: str | bytes = b"", env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Ended:
    """`scoper ARGV` with `input` on a pipe; `env` is the whole environment, the present one without it."""
    typed = input.encode() if isinstance(input, str) else input
    stdin, stdout, stderr = (io.TextIOWrapper(io.BytesIO(data), encoding="utf-8") for data in (typed, b"", b""))
    with (
        patch.multiple(sys, stdin=stdin, stdout=stdout, stderr=stderr),
        patch.dict(os.environ, env or {}, clear=env is not None),
        contextlib.chdir(cwd or Path.cwd()),
        _new_console(),
    ):
        try:
            code = main([str(word) for word in argv])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    for stream in (stdout, stderr):
        stream.flush()
    out, err = (stream.buffer.getvalue().decode() for stream in (stdout, stderr))
    return Ended(code, out, err)


@contextlib.contextmanager
def _new_console() -> Iterator[None]:
    """What a new process starts with, before and after."""
    console.configure(quiet=False, color="auto")
    try:
        yield
    finally:
        console.configure(quiet=False, color="auto")
