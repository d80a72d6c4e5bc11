"""Pictures of every screen as SVG, from the shipped examples and a recorded probe: `python -m ... OUT_DIR`.

The same files give the same pictures. The example is the one whose spec the recorded probe measured, whatever it is
called; nothing is trained and nothing is written but the pictures.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter
from textual.pilot import Pilot

from scoper.domain.probe import Finished, ProbeEvent
from scoper.errors import Problem, UsageError
from scoper.interfaces.tui import spec_steps, steps
from scoper.interfaces.tui.app import ScoperApp
from scoper.interfaces.tui.session import Session
from scoper.interfaces.watching import ProbeView, fold
from scoper.services.cases import read_case, set_answer
from scoper.services.library import Library, data_path, load_library
from scoper.services.specs import spec_digest

SIZES = ((80, 24), (120, 40))
_ANSWERED = 6
_MIDWAY = 0.6


def recorded(path: Path | None = None) -> tuple[ProbeEvent, ...]:
    """The events of the recorded probe."""
    adapter: TypeAdapter[ProbeEvent] = TypeAdapter(ProbeEvent)
    source = path or data_path("reports", "screens", "recorded_probe.jsonl")
    return tuple(adapter.validate_json(row) for row in source.read_text(encoding="utf-8").splitlines())


def view_of(events: Sequence[ProbeEvent], spec_text: str) -> ProbeView:
    """What the probe screen shows after these events."""
    view = ProbeView(status="running", of_spec=spec_digest(spec_text))
    for event in events:
        view = fold(view, event)
    return view


def draw(out: Path, sizes: Sequence[tuple[int, int]] = SIZES) -> tuple[Path, ...]:
    """Write all pictures into the folder `out` and return their paths."""
    out.mkdir(parents=True, exist_ok=True)
    library, events, home = load_library(), recorded(), Path.cwd()
    pictures: dict[str, str] = {}
    try:
        for size in sizes:
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                shutil.copytree(data_path("examples"), folder, dirs_exist_ok=True)
                os.chdir(folder)
                pictures |= asyncio.run(_shoot(library, events, folder, size))
    finally:
        os.chdir(home)
    for name, svg in pictures.items():
        (out / name).write_text(svg, encoding="utf-8")
    return tuple(out / name for name in pictures)


async def _shoot(library: Library, events: Sequence[ProbeEvent], folder: Path, size: tuple[int, int]) -> dict[str, str]:
    for path in folder.iterdir():
        os.utime(path, (0, 0))
    whole = _measured_case(library, events, folder)
    app = ScoperApp(Session(library, folder=folder))
    taken: dict[str, str] = {}
    async with app.run_test(size=size) as pilot:

        async def take(name: str, *keys: str, to: Callable[[Session], Session] | None = None) -> None:
            if to is not None:
                app.session = to(app.session)
            taken[f"{name}-{size[0]}x{size[1]}.svg"] = await _picture(app, pilot, keys)

        await take("welcome")
        part = _begun(whole, library)
        await take("interview", to=lambda s: steps.open_case(s, part))
        await take("interview-light", "1", "ctrl+t")
        await take("interview-high-contrast", "ctrl+t")
        await take("interview-why", "ctrl+t", "question_mark")
        await take("interview-jump", "escape", "j")
        await take("help", "escape", "f1")
        await take("palette", "escape", "ctrl+p")
        await take("review", "escape", "f3")
        await take("people", "p", to=lambda s: steps.go(steps.open_case(s, _of_several(library, folder)), "review"))
        app.pop_screen()
        await take("verdict", to=lambda s: steps.go(steps.open_case(s, whole), "verdict"))
        await take("spec-draft", to=lambda s: steps.go(steps.open_case(s, _without_spec(whole)), "spec"))
        await take("spec", to=lambda s: steps.go(steps.open_case(s, whole), "spec"))
        await take("spec-error", to=_mistyped)
        await take("spec", to=lambda s: steps.go(steps.open_case(s, whole), "spec"))
        await take("probe-running", to=lambda s: _probed(steps.go(s, "probe"), events[: int(len(events) * _MIDWAY)]))
        await take("probe", to=lambda s: _probed(s, events))
        await take("report", "f7")
        await take("parts", to=lambda s: steps.open_case(s, _in_parts(library, folder)))
    return taken


async def _picture(app: ScoperApp, pilot: Pilot[None], keys: Sequence[str]) -> str:
    await pilot.press(*keys)
    await pilot.pause()
    while app.session.step == "interview" and app.session.verdict is None:
        await pilot.pause(0.05)
    while app.session.step == "report" and app.screen.query_one("#making").display:
        await pilot.pause(0.05)
    await pilot.pause()
    return app.export_screenshot(title="scoper")


def _probed(session: Session, events: Sequence[ProbeEvent]) -> Session:
    text = session.spec.text if session.spec else ""
    return replace(session, probe=view_of(events, text))


def _measured_case(library: Library, events: Sequence[ProbeEvent], folder: Path) -> Path:
    digest = next(event.result.spec.get("digest") for event in events if isinstance(event, Finished))
    for path in sorted(folder.glob("*.yaml")):
        if "\nscoper:" not in "\n" + path.read_text(encoding="utf-8"):
            continue
        spec = read_case(path, library.questions).case.spec
        if spec and spec_digest((folder / spec).read_text(encoding="utf-8")) == digest:
            return path
    raise UsageError(Problem("picture-example", "no example has the spec that the recorded probe measured"))


def _of_several(library: Library, folder: Path) -> Path:
    """A copy of the first example with several respondents, in which a second one contradicts the first once."""
    for path in sorted(folder.glob("*.yaml")):
        if "\nscoper:" not in "\n" + path.read_text(encoding="utf-8"):
            continue
        given = read_case(path, library.questions).case.answers
        said = [(signal, answer) for signal, answers in given.items() for answer in answers if answer.by]
        signal, first = said[0] if said else ("", None)
        others = sorted({answer.by for _, answer in said if answer.by} - {first.by if first else None})
        if first and others:
            other = next(value for value in library.questions[signal].values if value != first.answer)
            copy = Path(shutil.copy(path, path.with_name(f"several_{path.name}")))
            contradicting = first.model_copy(update={"answer": other, "by": others[0]})
            set_answer(read_case(copy, library.questions), signal, (first, contradicting), library.questions)
            return copy
    raise UsageError(Problem("picture-example", "no example has several respondents"))


def _in_parts(library: Library, folder: Path) -> Path:
    """The first example that is a project in parts."""
    for path in sorted(folder.glob("*.yaml")):
        if "\nparts:" in path.read_text(encoding="utf-8") and read_case(path, library.questions).case.parts:
            return path
    raise UsageError(Problem("picture-example", "no example has parts"))


def _mistyped(session: Session) -> Session:
    text = session.spec.text if session.spec else ""
    wrong = text.replace("discount: 0.", "discount: 1.", 1).replace("horizon:", "horison:", 1)
    return spec_steps.check_spec(spec_steps.type_spec(session, wrong))


def _begun(whole: Path, library: Library) -> Path:
    path = whole.with_name(f"begun_{whole.name}")
    shutil.copy(whole, path)
    file = read_case(path, library.questions)
    for signal in list(library.questions)[_ANSWERED:]:
        file = set_answer(file, signal, None, library.questions)
    return path


def _without_spec(whole: Path) -> Path:
    path = whole.with_name(f"draft_{whole.name}")
    rows = whole.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(row for row in rows if not row.startswith("spec:")), encoding="utf-8")
    return path


if __name__ == "__main__":
    for written in draw(Path(sys.argv[1] if len(sys.argv) > 1 else "reports/screens").resolve()):
        sys.stdout.write(f"{written.name}\n")
