import asyncio
import os
import time
from pathlib import Path

import pytest

from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.probe import ProbePlan
from scoper.probe.runner import run

ENVIRONMENTS = Path(__file__).parent / "environments"


@pytest.fixture
def plan_of():
    """A plan for one of the faulty environments; short limits, few steps."""

    def make(fault="none", cls="Fine", *, file="faulty.py", spec=None, **plan):
        settings = {"silence_s": 2.0, "budget_s": 60.0, "learning_steps": 2000, "trust": True}
        spec = {"entry_point": f"{file}:{cls}", "path": ".", "memory_mb": 600, **(spec or {})}
        spec.setdefault("kwargs", {"fault": fault})
        return ProbePlan(
            spec_text="",
            spec=EnvironmentSpec(name="faulty", **spec),
            spec_dir=str(ENVIRONMENTS),
            **{**settings, **plan},
        )

    return make


@pytest.fixture
def events_of():
    """All events of a plan but heartbeats."""

    def collect(plan):
        async def go():
            return [event async for event in run(plan) if event.kind != "heartbeat"]

        return asyncio.run(go())

    return collect


@pytest.fixture
def workers(monkeypatch, tmp_path):
    """Living processes that probes of this test started, found by a variable that children inherit."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    mark = f"TMPDIR={tmp_path}".encode()

    def living():
        found = set()
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                environment = (entry / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if (
                mark in environment
                and any(v.startswith(b"SCOPER_PROBE=") for v in environment)
                and _state(entry) != "Z"
            ):
                found.add(int(entry.name))
        return found

    def left(within_s=2.0):
        until = time.monotonic() + within_s
        while (still := living()) and time.monotonic() < until:
            time.sleep(0.05)
        return still

    return left


def _state(entry):
    try:
        return (entry / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


@pytest.fixture(autouse=True)
def _no_secret(monkeypatch):
    monkeypatch.setenv("SCOPER_TEST_SECRET", "hunter2")
    assert "SCOPER_TEST_SECRET" in os.environ
