"""Print how late a 20 ms timer of the terminal interface is while a probe trains beside it, and what held it up.

Run: python tests/benchmarks/ui_timer.py [--env CartPole-v1] [--seconds 20] [--rounds 3]. The interface runs with no
terminal at 120x40 on its probe screen, in turn without a probe and with a real one in its child process. Lateness on
a busy machine is mostly the wait for a processor: beside it stands the CPU time of the longest callbacks, which is what
the interface itself does to its timers, and the lateness of the same timer in a process that does nothing else. For
figures of an idle machine, run it alone: `uptime` should show a load below 0.5 before.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EVERY_S = 0.02
BARE = """
import asyncio, sys, time
async def main():
    loop, due, late = asyncio.get_running_loop(), time.monotonic(), []
    end = due + float(sys.argv[1])
    while due < end:
        due += 0.02
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        late.append(1000 * (time.monotonic() - due))
    print(*late)
asyncio.run(main())
"""


async def lateness(seconds: float) -> list[float]:
    """Milliseconds by which each tick of a timer came too late."""
    due, late = time.monotonic(), []
    end = due + seconds
    while due < end:
        due += EVERY_S
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        late.append(1000 * (time.monotonic() - due))
    return late


@contextmanager
def callbacks() -> Iterator[list[tuple[float, str]]]:
    """The CPU milliseconds of every callback that the event loop runs, with its name."""
    taken: list[tuple[float, str]] = []
    run = asyncio.Handle._run

    def timed(handle: asyncio.Handle) -> None:
        before = time.thread_time()
        run(handle)
        spent = 1000 * (time.thread_time() - before)
        if spent > 5.0:
            owner = getattr(handle._callback, "__self__", None)
            coroutine = owner.get_coro() if isinstance(owner, asyncio.Task) else handle._callback
            taken.append((spent, getattr(coroutine, "__qualname__", repr(coroutine))))

    asyncio.Handle._run = timed  # type: ignore[method-assign]
    try:
        yield taken
    finally:
        asyncio.Handle._run = run  # type: ignore[method-assign]


def quantile(values: list[float], share: float) -> float:
    """The value that `share` of `values` do not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def row(name: str, late: list[float]) -> str:
    """One line of the table."""
    shares = "".join(f"{quantile(late, share):9.1f}" for share in (0.5, 0.95, 0.99))
    return f"{name:<34}{shares}{max(late):9.1f}{len(late):8}"


async def measured(env: str, seconds: float, *, probing: bool) -> tuple[list[float], list[tuple[float, str]], int]:
    """Lateness, long callbacks and number of curve points on the probe screen, with a probe or without."""
    from scoper.interfaces.tui import steps
    from scoper.interfaces.tui.app import ScoperApp
    from scoper.interfaces.tui.session import Session
    from scoper.services.library import load_library

    Path("case.yaml").write_text("scoper: 1\ntitle: Timer\nspec: env.yaml\nanswers: {}\n")
    Path("env.yaml").write_text(f"scoper_mdp: 1\nname: Timer\nenvironment: {{id: {env}}}\ndiscount: 0.99\n")
    app = ScoperApp(steps.open_case(Session(load_library(), budget="long"), Path("case.yaml")))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f6")
        if probing:
            await pilot.press("r")
            while app.session.probe.stage != "learn" and app.session.probe.status == "running":
                await pilot.pause(0.05)
        with callbacks() as taken:
            late = await lateness(seconds)
        points = sum(len(seed) for seeds in app.session.probe.curves.values() for seed in seeds.values())
        if probing:
            await pilot.press("x")
    return late, taken, points


def main() -> None:
    """Measure in turn and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--env", default="CartPole-v1")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--rounds", type=int, default=3)
    wish = parser.parse_args()
    gc.set_threshold(50_000)  # as the installed program does
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; milliseconds late, a tick each 20 ms")
    print(f"{'':<34}{'p50':>9}{'p95':>9}{'p99':>9}{'max':>9}{'ticks':>8}")
    late: dict[str, list[float]] = {"nothing but the timer": [], "interface alone": [], "interface, probe training": []}
    longest: list[tuple[float, str]] = []
    points = 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for _ in range(wish.rounds):
            bare = subprocess.run([sys.executable, "-c", BARE, str(wish.seconds)], capture_output=True, check=True)
            late["nothing but the timer"] += map(float, bare.stdout.split())
            late["interface alone"] += asyncio.run(measured(wish.env, wish.seconds, probing=False))[0]
            found, taken, seen = asyncio.run(measured(wish.env, wish.seconds, probing=True))
            late["interface, probe training"] += found
            longest, points = longest + taken, points + seen
        os.chdir("/")
    for name, values in late.items():
        print(row(name, values))
    worst = sorted(longest, reverse=True)[:5]
    print(f"{points} curve points drawn; callbacks of more than 5 ms CPU: {len(longest)}, of more than 25 ms: ", end="")
    print(sum(spent > 25 for spent, _ in longest))
    print("longest, CPU: " + ", ".join(f"{spent:.0f} ms {name}" for spent, name in worst))
    print(f"load {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
