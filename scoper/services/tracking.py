"""Exporting a probe to the trackers that the user asked for, while its events arrive.

Opened before the probe starts, so that what cannot work is known before anything is spent. A tracker that fails later
is left alone with one sentence: the probe matters more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

from scoper.domain.probe import Failed, Finished, ProbeEvent, ProbePlan
from scoper.domain.text import shown
from scoper.errors import Problem, UsageError
from scoper.tracking import Ending, RunInfo, Sink, Tracker, chosen
from scoper.tracking._export import export, params_of, run_name

FOLDER = "scoper-runs"


class Tracking:
    """Call it with every event; leaving its context ends the runs. `say` gets a sentence for every run and failure.

    Raises UsageError for a tracker that does not exist, is not installed or cannot begin a run.
    """

    def __init__(
        self, names: Sequence[str], folder: Path | None, plan: ProbePlan, say: Callable[[str], None] = lambda _: None
    ) -> None:
        info = RunInfo(run_name(plan), params_of(plan), folder or Path(FOLDER), chosen=folder is not None)
        self._say = say
        self._ending: Ending = "cancelled"
        self._sinks: dict[str, Sink] = {}
        try:
            for tracker in chosen(names):
                self._sinks[tracker.id] = _opened(tracker, info)
        except UsageError:
            for name in tuple(self._sinks):
                self._try(name, lambda sink: sink.close("cancelled"))
            raise

    def __enter__(self) -> Tracking:
        return self

    def __call__(self, event: ProbeEvent) -> None:
        """Export `event`."""
        if isinstance(event, Finished | Failed):
            self._ending = "finished" if isinstance(event, Finished) else "failed"
        for name in tuple(self._sinks):
            self._try(name, lambda sink: export(event, sink))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in tuple(self._sinks):
            self._try(name, lambda sink: sink.close(self._ending))
            if name in self._sinks:
                self._say(f"{name}: {self._sinks[name].place}")

    def _try(self, name: str, act: Callable[[Sink], None]) -> None:
        try:
            act(self._sinks[name])
        except Exception as error:
            del self._sinks[name]
            self._say(f"{name}: the export ends here, {_words(error)}")


def _opened(tracker: Tracker, info: RunInfo) -> Sink:
    try:
        return tracker.open(info)
    except Exception as error:
        message = f"{tracker.id} cannot begin a run: {_words(error)}"
        raise UsageError(Problem("tracker-failed", message, str(info.folder))) from error


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {shown(str(error), 200)}"
