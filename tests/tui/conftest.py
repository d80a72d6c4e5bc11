"""What the tests of the terminal interface share: a folder, an app on a case, and a recorded probe."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from scoper.domain.probe import ProbeEvent, ProbePlan
from scoper.interfaces.tui.app import ScoperApp
from scoper.interfaces.tui.session import Session
from scoper.services.library import Library, data_path, load_library

RECORDED = data_path("reports", "screens", "probe.jsonl")


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def example(folder: Path) -> Callable[[str], Path]:
    """Copies a shipped example with its spec into the folder."""

    def copy(name: str) -> Path:
        for path in data_path("examples").glob(f"{name}*"):
            shutil.copy(path, folder)
        return folder / f"{name}.yaml"

    return copy


@pytest.fixture
def app_on(library: Library, folder: Path) -> Callable[..., ScoperApp]:
    """An app in the folder, on a case when one is named."""

    def make(case: Path | None = None) -> ScoperApp:
        return ScoperApp(Session(library, folder=folder), case)

    return make


@pytest.fixture
def case(folder: Path) -> Path:
    """A case without answers."""
    path = folder / "parcels.yaml"
    path.write_text("scoper: 1\ntitle: Route parcels  # our vans\nanswers: {}\n", encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def recorded() -> tuple[ProbeEvent, ...]:
    """The events of one real probe of the warehouse example."""
    adapter: TypeAdapter[ProbeEvent] = TypeAdapter(ProbeEvent)
    rows = RECORDED.read_text(encoding="utf-8").splitlines()
    return tuple(adapter.validate_python(json.loads(row)) for row in rows)


@pytest.fixture
def replay(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets every probe give these events instead of starting a child; `endless` never ends by itself."""

    def install(events: tuple[ProbeEvent, ...], *, endless: bool = False) -> None:
        async def run_probe(plan: ProbePlan) -> AsyncIterator[ProbeEvent]:
            for event in events:
                yield event
                await asyncio.sleep(0)
            if endless:
                await asyncio.Event().wait()

        monkeypatch.setattr("scoper.services.probing.run_probe", run_probe)

    return install
