"""Same plan and seed, same findings and events, on an idle and on a loaded machine: probes beside CPU hogs.

Run: python tests/benchmarks/determinism.py [--budget quick] [--hogs N] [ID ...]. Every environment is probed once as
the machine is and once beside N busy processes (default: twice the cores). Events are compared one by one, without
heartbeats and times. Exit code 1 when anything differs; the first difference is printed. A probe that the clock had to
cut says so in a finding, which is then the difference. Sleepy: an environment that waits 2 ms a step, in its file.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from pathlib import Path
from typing import Any

from scoper.services.probing import environment_spec_text, make_plan, probe

IDS = ("CartPole-v1", "FrozenLake-v1", "Blackjack-v1", "Pendulum-v1", "MountainCar-v0", "sleepy")
TIMES = frozenset({"t_s", "seq", "steps_per_s", "hours_to_target", "hours", "machine"})
SLEEPY = """
import time
import gymnasium
import numpy as np

class Sleepy(gymnasium.Env):
    observation_space = gymnasium.spaces.Box(-1.0, 1.0, (2,))
    action_space = gymnasium.spaces.Discrete(2)
    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._at, self._x = 0, self.np_random.uniform(-1, 1, 2).astype(np.float32)
        return self._x, {}
    def step(self, action):
        time.sleep(0.002)
        reward = float(action == (self._x[0] > 0))
        self._at, self._x = self._at + 1, self.np_random.uniform(-1, 1, 2).astype(np.float32)
        return self._x, reward, self._at >= 20, False, {}
"""


def spec_of(name: str, folder: Path) -> str:
    """The spec of a registered environment, or of the sleepy one, whose file is written to `folder`."""
    if name != "sleepy":
        return environment_spec_text(name)
    (folder / "sleepy_env.py").write_text(SLEEPY)
    where = '{entry_point: "sleepy_env:Sleepy", path: .}'
    return f"scoper_mdp: 1\nname: sleepy\nenvironment: {where}\ndiscount: 0.9\n"


def events_of(name: str, budget: str, folder: Path) -> list[Any]:
    """All events of a probe without their times."""
    plan = make_plan(spec_of(name, folder), f"{name}.yaml", folder, budget=budget, seed=0, trust=True)
    events: list[Any] = []
    probe(plan, events.append)
    return [timeless(event.model_dump(mode="json")) for event in events if event.kind != "heartbeat"]


def timeless(value: Any) -> Any:
    """`value` without times and what depends on the machine."""
    if isinstance(value, dict):
        return {key: timeless(inner) for key, inner in value.items() if key not in TIMES}
    return [timeless(inner) for inner in value] if isinstance(value, list) else value


def burn() -> None:
    """Keep one core busy."""
    while True:
        sum(range(10_000))


def main() -> int:
    """Print a line per environment; 1 when anything differs."""
    import tempfile

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ids", nargs="*", default=IDS)
    parser.add_argument("--budget", default="quick")
    parser.add_argument("--hogs", type=int, default=2 * (os.cpu_count() or 1))
    chosen = parser.parse_args()
    same = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for identifier in chosen.ids:
            began = time.monotonic()
            idle = events_of(identifier, chosen.budget, folder)
            between = time.monotonic()
            hogs = [multiprocessing.Process(target=burn, daemon=True) for _ in range(chosen.hogs)]
            for hog in hogs:
                hog.start()
            loaded = events_of(identifier, chosen.budget, folder)
            for hog in hogs:
                hog.kill()
            took = f"{between - began:.0f} s idle, {time.monotonic() - between:.0f} s beside {chosen.hogs} hogs"
            place = next((i for i, (a, b) in enumerate(zip(idle, loaded, strict=False)) if a != b), None)
            equal = place is None and len(idle) == len(loaded)
            same &= equal
            print(
                f"{identifier:<18} {len(idle):>4} events, {'the same' if equal else 'DIFFERENT'} ({took})", flush=True
            )
            if not equal:
                shown = place if place is not None else min(len(idle), len(loaded))
                for title, events in (("idle", idle), ("loaded", loaded)):
                    print(f"    {title}: {str(events[shown : shown + 1])[:1500]}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
