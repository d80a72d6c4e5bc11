"""The doctor's book: every fault once, with its first evidence and how often it came; told as soon as it is known."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scoper.domain.doctor import Fault
from scoper.domain.findings import Severity
from scoper.modelling.faults import OutOfTime
from scoper.probe.crash_remedies import remedy_of
from scoper.probe.doctor.kinds import KINDS
from scoper.probe.doctor.surroundings import Surroundings
from scoper.probe.places import Place, place_of_error, said_by, shorten
from scoper.probe.shelter import came_back


class Unfit(Exception):
    """A section cannot go on: what was found so far stands."""


class Pulsed:
    """An environment of which every answer is a sign of life; everything else is the environment's own.

    A copy of the process that the environment forked ends with its first answer.
    """

    def __init__(self, env: Any, tick: Callable[[], None] = lambda: None) -> None:
        self._env, self._tick, self._owner = env, tick, os.getpid()

    @property
    def unwrapped(self) -> Any:
        """The environment without wrappers."""
        return getattr(self._env, "unwrapped", self._env)

    def reset(self, **arguments: Any) -> Any:
        """The environment's answer."""
        answer = self._env.reset(**arguments)
        self._answered()
        return answer

    def step(self, action: Any) -> Any:
        """The environment's answer."""
        answer = self._env.step(action)
        self._answered()
        return answer

    def _answered(self) -> None:
        if os.getpid() != self._owner:
            came_back()
        self._tick()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._env, name)


class Ledger:
    """Collects faults; `tell` hears each one once, when it is first seen. Places are relative to `spec_dir`.

    raised: the first thing that the environment raised, None as long as it raised nothing. surroundings: what the
    whole process shares, as it was before anything was examined. replay: an episode to compare in another process.
    """

    def __init__(self, spec_dir: Path, tell: Callable[[Fault], None] | None = None) -> None:
        self._spec_dir, self._tell = spec_dir, tell
        self.raised: BaseException | None = None
        self.surroundings = Surroundings.now()
        self._faults: dict[str, Fault] = {}
        self._times: dict[str, int] = {}
        self.not_examined: list[str] = []
        self.steps = 0
        self.replay: tuple[float, ...] = ()

    def add(
        self,
        fault_id: str,
        claim: str,
        place: Place | None = None,
        *,
        severity: Severity | None = None,
        remedy: str = "",
        **evidence: Any,
    ) -> None:
        """Write the fault down, or count it when it is known already; `remedy`: what fits better than its kind's."""
        self._times[fault_id] = self._times.get(fault_id, 0) + 1
        if fault_id in self._faults:
            return
        kind = KINDS[fault_id]
        where = "" if place is None else str(Place(shorten(place.file, self._spec_dir), place.line, place.function))
        fault = Fault(
            id=fault_id,
            severity=severity or kind.severity,
            claim=claim,
            place=where,
            evidence=evidence,
            remedy=remedy or kind.remedy,
        )
        self._faults[fault_id] = fault
        if self._tell is not None:
            self._tell(fault)

    def knows(self, *fault_ids: str) -> bool:
        """Whether one of the faults is written down."""
        return any(fault_id in self._faults for fault_id in fault_ids)

    def crashed(self, error: BaseException, doing: str) -> None:
        """Write down that the environment raised `error` while `doing`."""
        self.raised = self.raised or error
        kind = type(error).__name__
        what = said_by(error)
        if isinstance(error, MemoryError):
            fault_id, claim = "environment_memory", f"the environment asked for more memory than allowed in {doing}"
        else:
            fault_id, claim = "environment_crash", f"in {doing} the environment raised {what}"
        remedy = remedy_of(error) if fault_id == "environment_crash" else ""
        place = place_of_error(error, self._spec_dir)
        self.add(fault_id, claim, place, remedy=remedy, exception=kind, doing=doing)

    @contextmanager
    def guarded(self, doing: str) -> Iterator[None]:
        """What the environment raises inside is a fault, and ends the section with `Unfit`."""
        try:
            yield
        except (Unfit, OutOfTime):
            raise
        except BaseException as error:
            self.crashed(error, doing)
            raise Unfit from error

    def faults(self) -> tuple[Fault, ...]:
        """Every fault in the order in which they were found, with the number of times where there were several."""
        return tuple(
            fault.model_copy(update={"evidence": {**fault.evidence, "times": self._times[fault_id]}})
            if self._times[fault_id] > 1
            else fault
            for fault_id, fault in self._faults.items()
        )
