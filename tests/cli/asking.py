"""What tests of the dialogue share: lines typed through a pipe, what was asked, what the file holds then."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from scoper.services.cases import CaseFile, read_case
from scoper.services.library import load_library
from tests.in_process import Ended, scoper

LIBRARY = load_library()


def ask(path: Path, *lines: str | bytes, options: tuple[str, ...] = ("--title", "Mails"), **named: Any) -> Ended:
    data = b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines)
    named.setdefault("env", {**os.environ, "COLUMNS": "1000"})
    return scoper("ask", path, *options, input=data, **named)


def case(path: Path) -> CaseFile:
    return read_case(path, LIBRARY.questions)


def asked(output: str) -> list[str]:
    """The questions in the order in which they were put."""
    return [
        first or second
        for first, second in re.findall(r"^Question (?:\d+ \(.*? left\), (\w+)|(\w+) \(ans)", output, re.M)
    ]
