"""Print how fast the terminal interface is: first paint, key to redraw, and what it costs when nothing happens.

Run: python tests/benchmarks/tui_speed.py [--rounds 9] [--keys 200] [--idle 10]. The installed program runs in a
pseudo-terminal of 120x40. First paint is the time from starting the process to the first screen's words in its output;
beside it stands the CPU time used until then, which a busy machine does not stretch. A key's time ends with the first
byte that the terminal receives after it. Idle is the CPU time of some seconds without a key, once what the last key
asked for is worked out.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import tempfile
import termios
import time
from pathlib import Path

GOALS = {"first paint": 500.0, "key to redraw p95": 20.0, "idle CPU": 0.0}
CASE = "scoper: 1\ntitle: Speed\nanswers: {}\n"
KEYS = ("1", "u", "\x1b[B", "\x1b[A", "c", "v", "v", "2", "u", "?", "?", "j", "\x1b[B", "\r")
"""Answer, undo, move, confidence, panel, why, jump: each of them draws something."""


class Program:
    """`scoper` in a pseudo-terminal."""

    def __init__(self, arguments: list[str], folder: str) -> None:
        self.began = time.perf_counter()
        self.pid, self.handle = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            place = Path(sys.executable).with_name("scoper")
            os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
            os.execv(place, [str(place), *arguments])
        fcntl.ioctl(self.handle, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))

    def read(self, seconds: float) -> bytes:
        """What comes within `seconds`; empty when nothing does."""
        ready = select.select([self.handle], [], [], seconds)[0]
        try:
            return os.read(self.handle, 1 << 16) if ready else b""
        except OSError:  # the program has closed the terminal
            return b""

    def until(self, words: bytes, seconds: float = 30.0) -> float:
        """Milliseconds from the start until `words` were written."""
        seen, end = b"", time.monotonic() + seconds
        while words not in seen:
            seen += self.read(0.5)
            if time.monotonic() > end:
                raise SystemExit(f"{words!r} did not appear")
        return 1000 * (time.perf_counter() - self.began)

    def settle(self) -> None:
        """Read until nothing comes any more."""
        while self.read(0.15):
            pass

    def cpu_ms(self) -> float:
        """CPU time of the process so far, all threads."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def press(self, key: str) -> float:
        """Milliseconds from writing `key` to the first byte of the redraw."""
        os.write(self.handle, key.encode())
        began = time.perf_counter()
        self.read(2.0)
        return 1000 * (time.perf_counter() - began)

    def close(self) -> None:
        """End it."""
        os.kill(self.pid, signal.SIGTERM)
        while os.waitpid(self.pid, os.WNOHANG)[0] == 0:  # read on: nobody can end who waits to write
            self.read(0.05)
        os.close(self.handle)


def quantile(values: list[float], share: float) -> float:
    """The value that `share` of `values` do not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def first_paint(arguments: list[str], words: bytes, folder: str, rounds: int) -> tuple[list[float], list[float]]:
    """Wall and CPU milliseconds until `words` are on the terminal, of every round."""
    wall, cpu = [], []
    for _ in range(rounds):
        program = Program(arguments, folder)
        wall.append(program.until(words))
        cpu.append(program.cpu_ms())
        program.settle()
        program.close()
    return wall, cpu


def line(name: str, wall: list[float], beside: str = "") -> None:
    """One row: median, p95, maximum."""
    shown = "".join(f"{quantile(wall, share):9.1f}" for share in (0.5, 0.95, 1.0))
    print(f"{name:<34}{shown}   {beside}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("--idle", type=float, default=10.0)
    options = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; milliseconds")
    print(f"{'':<34}{'p50':>9}{'p95':>9}{'max':>9}")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # without kept bytecode every start compiles scoper anew
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "case.yaml").write_text(CASE, encoding="utf-8")
        first_paint([], b"New case", folder, 1)  # byte code and disk cache
        paints = []
        for name, arguments, words in (("no case", [], b"New case"), ("a case", ["tui", "case.yaml"], b"Question 1")):
            wall, cpu = first_paint(arguments, words, folder, options.rounds)
            paints += wall
            line(f"first paint, {name}", wall, f"CPU p50 {quantile(cpu, 0.5):.0f}")
        program = Program(["tui", "case.yaml"], folder)
        program.until(b"Question 1")
        program.settle()
        taken = []
        for number in range(options.keys):
            taken.append(program.press(KEYS[number % len(KEYS)]))
            program.settle()
        line("key to redraw", [ms for ms in taken if ms < 1900], f"{sum(ms >= 1900 for ms in taken)} keys drew nothing")
        worked_out = time.monotonic() + 2.0  # the reasons of the last answer, which a key asked for
        while time.monotonic() < worked_out:
            program.read(0.25)
        before = program.cpu_ms()
        idle_end, written = time.monotonic() + options.idle, 0
        while time.monotonic() < idle_end:
            written += len(program.read(0.25))
        idle = (program.cpu_ms() - before) / (10 * options.idle)
        print(f"idle: {idle:.1f} % CPU and {written} bytes written in {options.idle:.0f} s")
        program.close()
    fine = (
        quantile(paints, 0.5) <= GOALS["first paint"]
        and quantile([ms for ms in taken if ms < 1900], 0.95) <= GOALS["key to redraw p95"]
        and round(idle) == GOALS["idle CPU"]
    )
    print("goals: first paint 500, key to redraw p95 20, idle CPU 0 %: " + ("met" if fine else "missed"))


if __name__ == "__main__":
    main()
