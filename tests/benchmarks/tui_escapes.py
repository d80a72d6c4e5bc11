"""Hostile texts in a real pseudo-terminal: no escape of a case, an example or a folder's name reaches the terminal.

Run: python tests/benchmarks/tui_escapes.py [--texts 10000]. Texts are put into titles, summaries, evidence, names and
file names, and typed and pasted, 40 to a case; the real program shows them on its screens. Everything that it writes is
looked through: an escape sequence that is none of the few that drawing needs, a control character, or a C1 character
counts. Exits 1 when there is one.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import pty
import random
import re
import select
import signal
import struct
import sys
import tempfile
import termios
import time
from pathlib import Path

from textual.css.constants import VALID_POINTER

PIECES = (
    "\x1b[31m", "\x1b]0;owned\x07", "\x1b]52;c;b3duZWQ=\x07", "\x1b[2J", "\x1bP1$r\x1b\\", "\x9b31m", "\x9d0;x\x9c",
    "\x07", "\x08", "\r", "\x0e", "\x0f", "\x7f", "\x1b[6n", "\x1b[?1049l", "\x1bc", "\x1b#8", "\x05", "\u202e",
    "\x1b_Gx\x1b\\", "\u2028", "[red]", "[/]", "[@click=app.quit]x[/]", "日本", "a", "plain words ",
    "\x1b]8;;http://evil.example\x07x\x1b]8;;\x07",
)  # fmt: skip
ALLOWED = re.compile(
    rb"\x1b\[[0-9;:]*m"  # colours and styles
    rb"|\x1b\[[0-9;]*[HABCDJKq]"  # moving, clearing, cursor shape
    rb"|\x1b\[\?(?:25|1000|1002|1003|1004|1006|1015|1016|1049|2004|2026|2048|7)[hl]"  # modes that drawing needs
    rb"|\x1b\]22;(?:" + "|".join(sorted(VALID_POINTER)).encode() + rb")\x07"  # the pointer's shape, by a known name
    rb"|\x1b\[\?20(?:26|48)\$p|\x1b\[[<>=]?[0-9]*u|\x1b\[c|\x1b\[\?u|\x1b\[>[0-9;]*[mq]|\x1b\[14t|\x1b\[16t"
)
C1 = re.compile(rb"\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]")
SCREENS = ("", "\x1bOR", "\x1bOS", "\x1b[15~", "\x1b[18~", "\x1bOQ", "j", "\x1b[B\x1b[B")
PER_CASE = 40


def hostile(rng: random.Random) -> str:
    """A text of up to eight pieces, words in between."""
    return "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 8)))


def case_of(texts: list[str]) -> str:
    """A case whose words are these texts, escaped as YAML takes them; a title needs a letter to be one."""
    title, summary, *rest = (json.dumps(text) for text in (f"t{texts[0]}", *texts[1:]))
    pairs = zip(rest[::2], rest[1::2], strict=False)
    entries = "\n".join(f"    - {{answer: yes, by: {by}, evidence: {note}}}" for by, note in pairs)
    return f"scoper: 1\ntitle: {title}\nsummary: {summary}\nanswers:\n  reward_measurable:\n{entries}\n"


def faults(output: bytes) -> list[bytes]:
    """What the program wrote that drawing does not need."""
    rest = ALLOWED.sub(b"", output)
    found = [rest[m.start() : m.start() + 24] for m in re.finditer(rb"[\x00-\x06\x07\x0b\x0c\x0e-\x1f\x7f]", rest)]
    return [*found, *(match.group() for match in C1.finditer(rest))]


def shown(folder: Path, case: str, typed: list[str]) -> bytes:
    """Everything that the program writes while it shows `case` on its screens and `typed` is typed and pasted."""
    pid, handle = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_ANIMATIONS": "none"}
        os.execv(sys.executable, [sys.executable, "-m", "scoper", "tui", case])
    fcntl.ioctl(handle, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    output = until(handle, b"Evidence", 60.0)
    for keys in SCREENS:
        os.write(handle, keys.encode())
        output += quiet(handle)
    os.write(handle, b"\x1b")
    output += quiet(handle, 0.3)
    for text in typed:
        os.write(handle, b"e")
        output += quiet(handle)
        pasted = text.replace("\x1b[201~", "").encode()
        os.write(handle, b"\x1b[200~" + pasted + b"\x1b[201~\r")
        output += quiet(handle)
    os.kill(pid, signal.SIGTERM)
    output += quiet(handle, 30.0)  # to the end of what it writes: a part of an escape would look like a fault
    os.waitpid(pid, 0)
    os.close(handle)
    return output


def until(handle: int, words: bytes, seconds: float) -> bytes:
    """What comes until the words are among it, or the time is over."""
    output, end = b"", time.monotonic() + seconds
    while words not in output and time.monotonic() < end:
        output += quiet(handle, 0.05)
    return output


def quiet(handle: int, seconds: float = 0.08) -> bytes:
    """What comes until nothing more came for this time."""
    output = b""
    while select.select([handle], [], [], seconds)[0]:
        try:
            data = os.read(handle, 1 << 16)
        except OSError:
            break
        if not data:
            break
        output += data
    return output


def main() -> None:
    """All texts, and how many bytes were looked through."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rng, looked, bad = random.Random(options.seed), 0, list[bytes]()
    with tempfile.TemporaryDirectory() as name:
        for start in range(0, options.texts, PER_CASE):
            texts = [hostile(rng) for _ in range(PER_CASE)]
            Path(name, "case.yaml").write_text(case_of(texts[:-2]), encoding="utf-8")
            output = shown(Path(name), "case.yaml", texts[-2:])
            looked += len(output)
            found = faults(output)
            if found:
                crashes = [path.read_text(encoding="utf-8")[-2000:] for path in Path(name).glob("*crash*")]
                print(f"texts {start} to {start + PER_CASE}: {found[:3]!r}", *crashes, sep="\n", flush=True)
            bad += found
            if start % 1000 == 0:
                print(f"{start + PER_CASE} texts, {looked} bytes, {len(bad)} faults", flush=True)
    print(f"{options.texts} hostile texts, {looked} bytes written, {len(bad)} bytes that drawing does not need")
    for fault in bad[:10]:
        print(f"  {fault!r}")
    raise SystemExit(1 if bad else 0)


if __name__ == "__main__":
    main()
