"""Press random keys, click anywhere and resize the terminal at random: the interface must survive all of it.

Run: python tests/benchmarks/tui_monkey.py [--seeds 20] [--keys 10000]. Every seed gets a fresh folder with the shipped
examples. A probe is a stand-in that tells a recording, so that nothing trains. Prints the first key sequence that ends
in an exception, and exits 1; no screen is looked at beyond that.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import tempfile
import traceback
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from scoper.domain.probe import ProbeEvent, ProbePlan
from scoper.interfaces.tui.app import ScoperApp
from scoper.interfaces.tui.pictures import recorded
from scoper.interfaces.tui.session import Session
from scoper.services import probing
from scoper.services.library import Library, data_path, load_library

KEYS = (
    *"123456789", *"usjecvpnbrxagw?y", *"abc é日[]\\", "enter", "escape", "tab", "shift+tab", "up", "down", "left",
    "right", "home", "end", "pageup", "pagedown", "space", "backspace", "delete", "f1", "f2", "f3", "f4", "f5", "f6",
    "f7", "ctrl+e", "ctrl+s", "ctrl+o", "ctrl+p", "ctrl+t", "ctrl+v", "ctrl+a", "ctrl+z", "question_mark",
)  # fmt: skip
SIZES = ((80, 24), (120, 40), (60, 16), (200, 60), (40, 10), (20, 5), (1, 1), (300, 3), (5, 100))
CLICK, RESIZE = 0.08, 0.01


async def monkey(library: Library, events: Sequence[ProbeEvent], seed: int, n_keys: int) -> list[str]:
    """Act `n_keys` times and return what was done; raises what the interface raises."""

    async def run_probe(plan: ProbePlan, *, events_path: Path | None = None) -> AsyncIterator[ProbeEvent]:
        for event in events:
            yield event
            await asyncio.sleep(0)

    probing.run_probe = run_probe  # type: ignore[assignment]
    rng, done = random.Random(seed), list[str]()
    app = ScoperApp(Session(library))
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in range(n_keys):
            chance = rng.random()
            if chance < RESIZE:
                size = rng.choice(SIZES)
                done.append(f"resize {size}")
                await pilot.resize_terminal(*size)
            elif chance < RESIZE + CLICK:
                place = (rng.randrange(app.size.width), rng.randrange(app.size.height))
                done.append(f"click {place}")
                await pilot.click(offset=place)
            else:
                done.append(rng.choice(KEYS))
                await pilot.press(done[-1])
            if app.failure is not None or not app.is_running:
                break
    if app.failure is not None:
        raise app.failure
    return done


def survived(library: Library, events: Sequence[ProbeEvent], seed: int, n_keys: int) -> str:
    """Empty when the interface survived this seed, else what happened."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(data_path("examples"), name, dirs_exist_ok=True)
        os.chdir(name)
        try:
            done = asyncio.run(monkey(library, events, seed, n_keys))
        except Exception:
            return traceback.format_exc()
        finally:
            os.chdir(before)
    return "" if len(done) == n_keys else f"left after {len(done)} of {n_keys}"


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
