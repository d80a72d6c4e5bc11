"""Keys that come faster than the interface draws, in a real pseudo-terminal: none of them may end it.

Run: python tests/benchmarks/tui_bursts.py [--runs 600] [--at-once 6]. Each run starts the program on a case, types
random keys, pastes, Enter and clicks in bursts that do not wait for what comes before them, resizes the terminal, and
ends the program by a signal in the middle. Where more run at once than there are processors, the bursts get longer.
What counts is a crash, an internal error, another exit code than its signal's, or a program that has not ended half a
minute after it. Exits 1 when there is one.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import random
import shutil
import signal
import struct
import sys
import tempfile
import termios
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tui_escapes import case_of, hostile, quiet, until

from scoper.services.library import data_path

KEYS = (
    *"123456789", *"usjecvpnbrxagwf?y", "\r", "\x1b", "\t", "\x1b[Z", "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", " ",
    "\x7f", "\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[15~", "\x1b[17~", "\x1b[18~", "\x05", "\x0f", "\x10", "\x14",
    "\x1a",
)  # fmt: skip
SIZES = ((24, 80), (40, 120), (16, 60), (60, 200), (5, 20))
SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
PAUSES_S = (0.0, 0.0, 0.01, 0.03, 0.08)
PASTE, CLICK, RESIZE, NO_CASE = 0.2, 0.1, 0.05, 0.2
STARTS_S, ENDS_S = 60.0, 30.0


def burst(rng: random.Random) -> bytes:
    """Up to six keys, a click and keys, or a note that is opened, pasted and entered at once."""
    chance = rng.random()
    if chance < CLICK:
        at = f"{rng.randint(1, 120)};{rng.randint(1, 40)}"
        return f"\x1b[<0;{at}M\x1b[<0;{at}m{rng.choice(KEYS)}{rng.choice(KEYS)}".encode()
    if chance < CLICK + PASTE:
        return f"e\x1b[200~{hostile(rng)}\x1b[201~\r".encode()
    return "".join(rng.choice(KEYS) for _ in range(rng.randint(1, 6))).encode()


def ended(seed: int) -> str:
    """Empty when the interface lives until its signal and ends at it, else what happened."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(data_path("examples"), name, dirs_exist_ok=True)
        Path(name, "hostile.yaml").write_text(case_of([hostile(rng) for _ in range(38)]), encoding="utf-8")
        cases = ["hostile.yaml", *sorted(path.name for path in Path(name).glob("*.yaml") if ".mdp." not in path.name)]
        case = [] if rng.random() < NO_CASE else [rng.choice([cases[0], rng.choice(cases)])]
        pid, handle = pty.fork()
        if pid == 0:
            os.chdir(name)
            os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
            os.execv(sys.executable, [sys.executable, "-m", "scoper", "tui", *case])
        _resize(handle, SIZES[1])
        output = until(handle, b"\x1b[?2004h", STARTS_S)  # keys are read from here on
        began = b"\x1b[?2004h" in output
        output += quiet(handle, rng.choice((0.0, 0.1, 0.5)))
        for _ in range(rng.randint(2, 25)):
            os.write(handle, burst(rng))
            output += quiet(handle, rng.choice(PAUSES_S))
            if rng.random() < RESIZE:
                _resize(handle, rng.choice(SIZES))
        number = rng.choice(SIGNALS)
        left, status = os.waitpid(pid, os.WNOHANG)  # the palette may have ended it
        alive, end = not left, time.monotonic() + ENDS_S
        if alive:
            os.kill(pid, number)
        while not left and time.monotonic() < end:
            output += quiet(handle, 0.1)
            left, status = os.waitpid(pid, os.WNOHANG)
        if not left:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        os.close(handle)
        crashes = [path.read_text(encoding="utf-8") for path in Path(name).glob("*crash*")]
    if not began:
        return "reads no keys"
    if not left:
        return f"has not ended {ENDS_S:.0f} s after its signal"
    if crashes or b"error[internal]" in output or b"Traceback" in output:
        return "\n".join(crashes) or "an internal error"
    code = os.waitstatus_to_exitcode(status)
    # whoever leaves by the palette may do so just before the signal
    return "" if code in ({0, 128 + number} if alive else {0}) else f"ends with {code}"


def _resize(handle: int, rows_columns: tuple[int, int]) -> None:
    fcntl.ioctl(handle, termios.TIOCSWINSZ, struct.pack("HHHH", *rows_columns, 0, 0))


def main() -> None:
    """All runs, a few at once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=600)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--at-once", type=int, default=6)
    options = parser.parse_args()
    seeds, bad = range(options.first, options.first + options.runs), 0
    with ProcessPoolExecutor(options.at_once) as pool:
        for seed, said in zip(seeds, pool.map(ended, seeds), strict=True):
            bad += bool(said)
            if said:
                print(f"seed {seed}: {said}", flush=True)
    print(f"{options.runs - bad} of {options.runs} runs went on until their signal and ended at it")
    raise SystemExit(1 if bad else 0)


if __name__ == "__main__":
    main()
