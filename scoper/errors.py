"""The errors a user can cause and mend.

Every one carries a code, one sentence, a place and a remedy; anything else that escapes is a bug of scoper.

    ScoperError
      InputError      a file the user wrote: all of its problems at once        exit 2
      UsageError      a call that cannot be meant                               exit 2
      ProbeError      the probe could not run                                   exit 3
      StorageError    reading or writing failed: disk, permission, lock         exit 4
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice


@dataclass(frozen=True)
class Problem:
    """One thing wrong at one place.

    `source` is a file name as the user gave it; `line` and `column` count from 1, 0 meaning "the whole file".
    """

    code: str
    message: str
    source: str = ""
    line: int = 0
    column: int = 0
    remedy: str = ""

    def place(self) -> str:
        """`file:line:column`, shortened to what is known."""
        if not self.source:
            return ""
        return f"{self.source}:{self.line}:{self.column}" if self.line else self.source

    def sentence(self) -> str:
        """The problem as one printable line."""
        text = ": ".join(part for part in (self.place(), self.message) if part)
        return f"{text} ({self.remedy})" if self.remedy else text


class ScoperError(Exception):
    """Base of everything that is said to the user as a sentence, never as a traceback."""

    exit_code = 5

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(problem.sentence() for problem in self.problems))


class InputError(ScoperError):
    """A file the user wrote cannot be read as what it should be."""

    exit_code = 2


class UsageError(ScoperError):
    """The command line or call cannot be meant."""

    exit_code = 2


class ProbeError(ScoperError):
    """The probe could not run: crash, hang or memory. `result`, where set, is the ProbeResult that reports it."""

    exit_code = 3
    result: object = None


class StorageError(ScoperError):
    """Reading or writing failed."""

    exit_code = 4


_MOST_COMPARED, _LONGEST_COMPARED, _LEAST_BEGINNING = 500, 100, 3


def nearest(word: str, allowed: Iterable[str]) -> str | None:
    """The allowed word closest in spelling to `word`, else the only one that begins like it; None when nothing is near.

    Of very many allowed words the first count.
    """
    given, words = word[:_LONGEST_COMPARED].lower(), list(islice(allowed, _MOST_COMPARED))
    matches = get_close_matches(given, words, n=1, cutoff=0.6)
    longer = [known for known in words if known.startswith(given)] if len(given) >= _LEAST_BEGINNING else []
    return matches[0] if matches else longer[0] if len(longer) == 1 else None


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """A remedy naming the nearest spelling, or the allowed words when nothing is near."""
    words = list(allowed)
    match = nearest(word, words)
    if match:
        return f"did you mean '{match}'?"
    shown = ", ".join(words[:30]) + (", ..." if len(words) > 30 else "")
    return f"allowed: {shown}"
