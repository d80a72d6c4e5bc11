"""Press random keys, click anywhere and resize the terminal at random: the interface must survive all of it.

Run: python tests/benchmarks/tui_monkey.py [--seeds 20] [--keys 10000]. Every seed gets a fresh folder with the shipped
examples. A probe is a stand-in that tells a recording, so that nothing trains. Prints the exception of every seed that
ends in one, and exits 1; no screen is looked at beyond that.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import shutil
import tempfile
import traceback
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from textual.pilot import Pilot, WaitForScreenTimeout

from scoper.domain.probe import ProbeEvent, ProbePlan
from scoper.interfaces.tui.app import ScoperApp
from scoper.interfaces.tui.pictures import recorded
from scoper.interfaces.tui.session import Session
from scoper.services import probing
from scoper.services.library import Library, data_path, load_library

KEYS = (
    *"123456789", *"usjecvpnbrxagwf?y", *"abc é日[]\\", "enter", "escape", "tab", "shift+tab", "up", "down", "left",
    "right", "home", "end", "pageup", "pagedown", "space", "backspace", "delete", "f1", "f2", "f3", "f4", "f5", "f6",
    "f7", "ctrl+e", "ctrl+s", "ctrl+o", "ctrl+p", "ctrl+t", "ctrl+v", "ctrl+a", "ctrl+z", "question_mark",
)  # fmt: skip
SIZES = ((80, 24), (120, 40), (60, 16), (200, 60), (40, 10), (20, 5), (1, 1), (300, 3), (5, 100))
CLICK, RESIZE = 0.08, 0.01


async def monkey(library: Library, events: Sequence[ProbeEvent], rng: random.Random, n_keys: int) -> int:
    """Act until the interface is left or `n_keys` are used up; returns how many were, raises what it raises."""

    async def run_probe(plan: ProbePlan, *, events_path: Path | None = None) -> AsyncIterator[ProbeEvent]:
        for event in events:
            yield event
            await asyncio.sleep(0)

    probing.run_probe = run_probe  # type: ignore[assignment]
    used = 0
    app = ScoperApp(Session(library))
    async with app.run_test(size=(80, 24)) as pilot:
        while used < n_keys and app.failure is None and app.is_running and not app._exit:
            used += 1
            chance = rng.random()
            try:
                if chance < RESIZE:
                    await pilot.resize_terminal(*rng.choice(SIZES))
                elif chance < RESIZE + CLICK:
                    await pilot.click(offset=(rng.randrange(app.size.width), rng.randrange(app.size.height)))
                else:
                    await pilot.press(rng.choice(KEYS))
            except WaitForScreenTimeout:
                await answering(pilot)
    if app.failure is not None:
        raise app.failure
    return used


async def answering(pilot: Pilot[None]) -> None:
    """Wait on, as a machine full of other work is slow, not hung; raises when nothing answers in ten more waits."""
    for _ in range(9):
        with contextlib.suppress(WaitForScreenTimeout):
            await pilot.pause()
            return
    await pilot.pause()


def survived(library: Library, events: Sequence[ProbeEvent], seed: int, n_keys: int) -> str:
    """Empty when the interface survived this seed, else what happened."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(data_path("examples"), name, dirs_exist_ok=True)
        os.chdir(name)
        rng, left = random.Random(seed), n_keys
        try:
            while left > 0:  # whoever leaves by the palette starts again
                left -= max(1, asyncio.run(monkey(library, events, rng, left)))
        except Exception:
            return f"after {n_keys - left} to {n_keys}: {traceback.format_exc()}"
        finally:
            os.chdir(before)
    return ""


def main() -> None:
    """Every seed in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--keys", type=int, default=10_000)
    options = parser.parse_args()
    library, events = load_library(), recorded()
    failed = 0
    for seed in range(options.first, options.first + options.seeds):
        said = survived(library, events, seed, options.keys)
        failed += bool(said)
        print(f"seed {seed}: {said or f'{options.keys} keys, clicks and resizes, no exception'}", flush=True)
    print(f"{options.seeds - failed} of {options.seeds} seeds survived")
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
