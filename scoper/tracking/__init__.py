"""Experiment trackers that a probe's events can be exported to: one file per tracker, found in this folder.

A file holds one constant, `TRACKER = Tracker(id, summary, package, open)`, its id being the file's name. The tracker's
own package is imported by `open`, in the parent process and never in the one that measures; none is a dependency.
Installed packages add theirs with the entry point group `scoper.trackers`.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from scoper.errors import Problem, UsageError, did_you_mean
from scoper.extensions import Broken, in_folder, with_plug_ins

GROUP = "scoper.trackers"
Ending = Literal["finished", "failed", "cancelled"]


@dataclass(frozen=True)
class RunInfo:
    """What a run is called, what it was planned with, and the folder that it may write to.

    `chosen` says whether the user named the folder; a tracker with a configured place of its own takes that otherwise.
    """

    name: str
    params: Mapping[str, str | int | float]
    folder: Path
    chosen: bool = False


class Sink(Protocol):
    """One open run of a tracker; numbers are finite."""

    @property
    def place(self) -> str:
        """Where it is written, for a sentence to the user."""

    def point(self, learner: str, seed: int, steps: int, value: float) -> None:
        """One evaluation of one seed, counted from 0, after `steps` timesteps."""

    def number(self, name: str, value: float) -> None:
        """A number of the whole run, such as `returns/random`."""

    def text(self, name: str, text: str) -> None:
        """A text of the whole run, such as `verdict`."""

    def close(self, ending: Ending) -> None:
        """Write what is left and end the run."""


@dataclass(frozen=True)
class Tracker:
    """A tracker. `package` is what to install, `module` what it is imported as; `open` begins a run."""

    id: str
    summary: str
    package: str
    module: str
    open: Callable[[RunInfo], Sink]


def discover() -> tuple[tuple[Tracker, ...], tuple[Broken, ...]]:
    """All trackers in order of id, own ones first, and the plug-ins that are broken."""
    return with_plug_ins(in_folder(__name__, "TRACKER", Tracker), GROUP, Tracker)


def chosen(names: Sequence[str]) -> tuple[Tracker, ...]:
    """The trackers with these ids, each once.

    Raises UsageError for every unknown one (with the nearest spelling), every one whose package is not installed (with
    what to install) and every broken plug-in, all at once.
    """
    found, broken = discover()
    known, unusable = {tracker.id: tracker for tracker in found}, {each.name: each for each in broken}
    problems = []
    for name in dict.fromkeys(names):
        if name not in known and name in unusable:
            problems.append(Problem("tracker-broken", unusable[name].sentence("tracker")))
        elif name not in known:
            problems.append(Problem("tracker", f"there is no tracker '{name}'", remedy=did_you_mean(name, known)))
        elif importlib.util.find_spec(known[name].module) is None:
            message = f"{name} needs the package {known[name].package}, which is not installed"
            problems.append(Problem("tracker-missing", message, remedy=f"pip install {known[name].package}"))
    if problems:
        raise UsageError(problems)
    return tuple(known[name] for name in dict.fromkeys(names))
