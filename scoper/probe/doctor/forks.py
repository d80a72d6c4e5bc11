"""Copies of the process that step or reset forks and lets return, each as if it were the first one.

A copy notes itself in memory that all of them share, and ends; the line is the one that forked last.
"""

from __future__ import annotations

import os
import sys

from scoper.probe.doctor.ledger import Ledger
from scoper.probe.places import Place, is_foreign
from scoper.probe.shelter import COPIES

_last: list[Place] = []
_watching: list[int] = []


def watch() -> None:
    """Remember from now on where this process forks."""
    if not _watching and hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_parent=_remember)
        _watching.append(os.getpid())


def _remember() -> None:
    frame = sys._getframe(1)
    while frame is not None:
        if is_foreign(frame.f_code.co_filename):
            _last[:] = [Place(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)]
            return
        frame = frame.f_back  # type: ignore[assignment]


def report(ledger: Ledger) -> None:
    """Write down that copies came back from a call."""
    if COPIES[0]:
        claim = "a call forks the process, and the copy goes on as if it were the first one: what it does happens twice"
        ledger.add("process_forked", claim, _last[0] if _last else None)
