"""Running a probe: a spec's text becomes a plan, the plan a stream of events, the last one holding the result.

The measuring itself happens in a child process; nothing here imports a learner or an environment.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import re
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from scoper.diagnostics import FLOORS
from scoper.domain.probe import (
    BUDGET_S,
    Failed,
    Finished,
    Heartbeat,
    ProbeEvent,
    ProbePlan,
    ProbeResult,
    StageChanged,
    Started,
)
from scoper.errors import InputError, ProbeError, Problem, StorageError, UsageError, did_you_mean
from scoper.probe.patience import silence_s
from scoper.probe.protocol import OutputFault, decode, encode
from scoper.probe.runner import run
from scoper.services.other_files import other_at, other_file
from scoper.services.repairing import with_repairs
from scoper.services.spec_environment import environment_text
from scoper.services.specs import parse_spec, spec_digest

_SHORTEST_S = 1.0
_REFUSED = ("untrusted", "bad_spec")
"""Failures of what was asked for, not of what ran."""


def make_plan(
    spec_text: str,
    spec_source: str,
    spec_dir: Path | str,
    *,
    budget: str | float = "standard",
    seed: int = 0,
    trust: bool = False,
    learning_steps: int | None = None,
) -> ProbePlan:
    """The plan of probing `spec_text`; relative paths in it count from `spec_dir`.

    `budget` is quick, standard, long, or seconds. Raises InputError with every problem of the spec, UsageError for a
    budget that is none.
    """
    spec = parse_spec(spec_text, spec_source, spec_dir)
    name, seconds = read_budget(budget)
    return ProbePlan(
        spec_text=spec_text,
        spec=spec,
        spec_digest=spec_digest(spec_text, spec_dir),
        spec_source=spec_source,
        spec_dir=str(spec_dir),
        budget=name,
        budget_s=seconds,
        seed=seed,
        trust=trust,
        learning_steps=learning_steps,
        silence_s=silence_s(spec, seconds),
    )


def read_budget(budget: str | float) -> tuple[str, float]:
    """Name and seconds of a budget; raises UsageError when it is neither a name nor a number of seconds."""
    if isinstance(budget, str) and budget in BUDGET_S:
        return budget, BUDGET_S[budget]
    try:
        seconds = float(budget)
    except ValueError:
        seconds = math.nan
    if not _SHORTEST_S <= seconds < math.inf:
        message = f"the budget '{budget}' is neither a name nor a number of seconds (at least {_SHORTEST_S:g})"
        raise UsageError(Problem("budget", message, remedy=did_you_mean(str(budget), BUDGET_S)))
    return f"{seconds:g} s", seconds


def environment_spec_text(identifier: str, kwargs: Mapping[str, Any] | None = None, discount: float = 0.99) -> str:
    """The spec of a registered Gymnasium environment, as a user would write it."""
    return environment_text(identifier, {"id": identifier}, kwargs, discount)


async def run_probe(plan: ProbePlan, *, events_path: Path | None = None) -> AsyncGenerator[ProbeEvent]:
    """The probe's events, also written as JSON lines to a new file `events_path`; closing it ends the child.

    A probe that is refused before anything was measured leaves no file, so that the next try may have its name.
    """
    begun = False
    with _opened(events_path) as file:
        async with contextlib.aclosing(_with_repairs(plan)) as events:
            async for event in events:
                if file is not None:
                    file.write(encode(event))
                    file.flush()
                refused = isinstance(event, Failed) and event.code in _REFUSED
                begun = begun or not (refused or isinstance(event, Started | StageChanged | Heartbeat))
                if events_path is not None and refused and not begun:
                    events_path.unlink(missing_ok=True)
                yield event


async def _with_repairs(plan: ProbePlan) -> AsyncGenerator[ProbeEvent]:
    """The events of a probe; where the plan asks for repairs, these are tried before the last one is told."""
    async with contextlib.aclosing(run(plan)) as events:
        async for event in events:
            if plan.repairs and isinstance(event, Finished):
                async with contextlib.aclosing(with_repairs(plan, event)) as more:
                    async for each in more:
                        yield each
            else:
                yield event


def probe(
    plan: ProbePlan, on_event: Callable[[ProbeEvent], None] | None = None, *, events_path: Path | None = None
) -> ProbeResult:
    """Run the probe to its end and return its result.

    Raises ProbeError when it could not run (its attribute `result`, where there is one, is for the report), and
    InputError when the spec turns out to be wrong.
    """
    return asyncio.run(_to_the_end(run_probe(plan, events_path=events_path), on_event, plan.spec_source))


def show_again(
    events: Sequence[ProbeEvent],
    on_event: Callable[[ProbeEvent], None] | None = None,
    *,
    speed: float | None = None,
    source: str = "",
) -> ProbeResult:
    """Give recorded events to `on_event` and return the result, as `probe` does; nothing runs. `speed`: `played`'s."""
    return asyncio.run(_to_the_end(played(events, speed), on_event, source))


async def played(events: Sequence[ProbeEvent], speed: float | None = None) -> AsyncGenerator[ProbeEvent]:
    """Recorded events as they came, `speed` times as fast as they did; all at once without one."""
    before_s = events[0].t_s if events else 0.0
    for event in events:
        if speed is not None and event.t_s > before_s:
            await asyncio.sleep((event.t_s - before_s) / speed)
            before_s = event.t_s
        yield event


async def _to_the_end(
    stream: AsyncGenerator[ProbeEvent], on_event: Callable[[ProbeEvent], None] | None, source: str
) -> ProbeResult:
    last: ProbeEvent | None = None
    async with contextlib.aclosing(stream) as events:
        async for event in events:
            last = event
            if on_event is not None:
                on_event(event)
    return result_of(last, source)


def result_of(last: ProbeEvent | None, source: str = "") -> ProbeResult:
    """The result that the last event holds; raises as `probe` does."""
    if isinstance(last, Finished):
        return last.result
    if isinstance(last, Failed) and last.code == "bad_spec":
        raise InputError(_problems(last.message, source))
    if isinstance(last, Failed):
        message = last.message.removeprefix(f"{source}: ") if source else last.message
        error = ProbeError(Problem(last.code.replace("_", "-"), message, source, remedy=_remedy(last)))
        error.result = last.result
        raise error
    raise ProbeError(Problem("probe-ended", "the probe ended without a result", source))


def _problems(message: str, source: str) -> list[Problem]:
    """The problems of a spec from their sentences, which the child puts one after the other, each with its place."""
    if not source:
        return [Problem("bad-spec", message)]
    placed = re.compile(rf"{re.escape(source)}(?::(\d+):(\d+))?: (.*)", re.DOTALL)
    found = []
    for sentence in re.split(rf"; (?={re.escape(source)}:)", message):
        match = placed.fullmatch(sentence)
        line, column, text = match.groups() if match else (None, None, sentence)
        found.append(Problem("bad-spec", text, source, int(line or 0), int(column or 0)))
    return found


def replay(path: Path) -> list[ProbeEvent]:
    """The events of an earlier probe; a last line that was cut short is left out.

    Raises InputError for another line that is no event and for a file without any, StorageError for no file.
    """
    if path.is_dir() and (other := other_at(path, "events")):
        raise InputError(other)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StorageError(Problem("unreadable", error.strerror or str(error), str(path))) from None
    lines, events = content.splitlines(), []
    for number, line in enumerate(lines, 1):
        try:
            events.append(decode(line))
        except OutputFault as fault:
            if number == len(lines) and events and not content.endswith(b"\n"):
                break
            problem = Problem("probe-event", f"the line is {fault}", str(path), number, 1)
            other = other_file(content.decode(errors="replace"), str(path), "events")
            raise InputError(other or problem) from None
    if not events:
        remedy = "record one with `scoper probe SPEC --events FILE`"
        raise InputError(Problem("probe-event", "the file holds no event", str(path), remedy=remedy))
    return events


def other_spec(events: Sequence[ProbeEvent], text: str, source: str, folder: Path) -> list[str]:
    """A sentence when `events` measured another spec than this text; none when they measured it or do not say."""
    measured = {event.result.spec.get("digest", "") for event in events if isinstance(event, Finished)}
    measured |= {event.spec_digest for event in events if isinstance(event, Started)}
    if not measured - {""} or spec_digest(text, folder) in measured:
        return []
    return [f"{source}: the recording is of another spec, or of this one before it was changed"]


def document(result: ProbeResult) -> dict[str, Any]:
    """The result as `scoper probe --json` prints it: every floor and the optimum have a key, null when unknown.

    A return that overflowed is null too: JSON has no infinity.
    """
    shown: dict[str, Any] = _finite(result.model_dump(mode="json"))
    known = shown["returns"]
    shown["returns"] = {name: known.get(name) for name in (*FLOORS, "optimal")} | known
    return shown


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_finite(entry) for entry in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _remedy(failed: Failed) -> str:
    blockers = [f for f in failed.result.findings if f.severity == "blocker"] if failed.result else []
    return blockers[0].remedy if blockers else ""


def require_new_events(path: Path) -> None:
    """Raise StorageError when there is such a file already: better known before anybody is asked for anything."""
    if path.exists() or path.is_symlink():
        raise _taken(path)


def _taken(path: Path) -> StorageError:
    message = "the file exists and is not overwritten"
    return StorageError(Problem("exists", message, str(path), remedy="name a new file for the events"))


@contextlib.contextmanager
def _opened(path: Path | None) -> Iterator[BinaryIO | None]:
    if path is None:
        yield None
        return
    try:
        file: BinaryIO = path.open("xb")
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        raise StorageError(Problem("unwritable", error.strerror or str(error), str(path))) from None
    with file:
        yield file
