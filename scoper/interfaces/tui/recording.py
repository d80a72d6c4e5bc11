"""A probe as it runs, kept on the way: its events beside the spec, and in the trackers that were asked for.

What cannot be written is told in one sentence and left out: the probe matters more.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import ExitStack, aclosing
from pathlib import Path

from scoper.domain.probe import ProbeEvent, ProbePlan
from scoper.errors import ScoperError
from scoper.interfaces.tui.session import Session

EVENTS = "probe.jsonl"
_MOST = 1000


async def recorded(
    session: Session, plan: ProbePlan, say: Callable[[str], None], path: Path | None
) -> AsyncGenerator[ProbeEvent]:
    """The events of the probe of `plan`, also written to `path`; closing this ends it. `say` hears of the trackers."""
    from scoper.services.probing import run_probe
    from scoper.services.tracking import Tracking

    with ExitStack() as held:
        tracking = None
        if session.track:
            try:
                tracking = held.enter_context(Tracking(session.track, session.track_to, plan, say))
            except ScoperError as error:
                say(error.problems[0].sentence())
        async with aclosing(run_probe(plan, events_path=path)) as events:
            async for event in events:
                if tracking is not None:
                    tracking(event)
                yield event


def events_file(session: Session) -> Path | None:
    """A new file for the events beside the spec; None where the spec is not saved or its folder cannot be written."""
    spec = session.probe.path
    if spec is None or not spec.exists():
        return None
    stem, ending = EVENTS.split(".")
    names = [EVENTS, *(f"{stem}_{number}.{ending}" for number in range(2, _MOST))]
    path = next((place for name in names if not (place := spec.parent / name).exists()), None)
    return path if path is not None and _can_be_made(path) else None


def _can_be_made(path: Path) -> bool:
    try:
        with path.open("xb"):
            pass
    except OSError:
        return False
    path.unlink()
    return True
