"""What `fast_ppo` leaves to a second look: two probes side by side, the whole command, and equality with the reference.

Run: python tests/benchmarks/fast_ppo_beside.py [--rounds 3] [--skip-equality]; `fast_ppo.py --all` runs both.

beside: two probes at the same time against one after the other, wall time and CPU time, for the batched engine and for
stable-baselines3 with one thread each. On an idle machine with two cores the wall ratio should be near 0.5, never above
1; on a busy one only the CPU ratio says something. command: `scoper probe` of CartPole-v1, start-up included. equality:
the same rollouts give the same weights, by the tests that say so. Asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
SPEC = "scoper_mdp: 1\nname: pole\nenvironment: {id: CartPole-v1}\ndiscount: 0.99\n"


def measured(commands: list[list[str]], *, together: bool) -> tuple[float, float]:
    """Wall and CPU seconds of some processes, at the same time or one after the other."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    running = []
    for command in commands:
        running.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))
        if not together:
            running[-1].wait()
    for process in running:
        process.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - began, cpu_s


def beside(rounds: int) -> None:
    """Two probes side by side against one after the other."""
    for name in ("fast, marked", "sb3, marked"):
        command = [sys.executable, str(HERE / "fast_ppo.py"), "--child", name]
        wall, cpu = [], []
        for _ in range(rounds):
            in_turn = measured([command] * 2, together=False)
            at_once = measured([command] * 2, together=True)
            wall.append(at_once[0] / in_turn[0])
            cpu.append(at_once[1] / in_turn[1])
            print(f"  {name}: in turn {in_turn[0]:.1f} s wall, {in_turn[1]:.1f} CPU-s; at once {at_once[0]:.1f} s wall")
        print(f"beside, {name}: wall {median(wall):.2f}, CPU {median(cpu):.2f} of one after the other")


def command(rounds: int) -> None:
    """The whole command on CartPole-v1."""
    with tempfile.TemporaryDirectory() as folder:
        spec = Path(folder) / "pole.yaml"
        spec.write_text(SPEC)
        given = [sys.executable, "-m", "scoper", "probe", str(spec), "--json"]
        times = []
        for _ in range(rounds):
            wall, cpu = measured([given], together=False)
            times.append(wall)
            print(f"  scoper probe: {wall:.1f} s wall, {cpu:.1f} CPU-s")
        answer = json.loads(subprocess.run(given, capture_output=True, text=True, check=False).stdout)
    print(f"command: {median(times):.1f} s wall, verdict {answer['verdict']}")


def equality() -> None:
    """Whether the batched engine gives the weights of stable-baselines3."""
    tests = HERE.parent / "baselines" / "test_ppo_equality.py"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", str(tests)], capture_output=True, text=True, check=False
    )
    print(f"equality: {run.stdout.strip().splitlines()[-1]}")


def main() -> None:
    """Read the command line and run everything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--skip-equality", action="store_true")
    given = parser.parse_args()
    command(given.rounds)
    beside(given.rounds)
    if not given.skip_equality:
        equality()


if __name__ == "__main__":
    main()
