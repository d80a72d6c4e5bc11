"""Where in the environment's own code something happened, and how such a place is written.

A place is `file:line in function`. The frame that counts is the innermost one of the owner's code; frames of the
standard library and of scoper itself never do, frames of installed packages only when nothing else is there.
Paths are shown relative to the spec's folder or to site-packages: a report names no home directory.
"""

from __future__ import annotations

import re
import sysconfig
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from scoper.domain.text import shown

_SCOPER = Path(__file__).resolve().parents[1]
_STDLIB = tuple(Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib"))
_FRAME = re.compile(r'^\s+File "(?P<file>.+)", line (?P<line>\d+) in (?P<function>.+)$', re.MULTILINE)
_LIBRARIES = ("numpy", "scipy", "gymnasium/core", "gymnasium/spaces", "gymnasium/utils", "gymnasium/wrappers")


@dataclass(frozen=True)
class Place:
    """A line of code."""

    file: str
    line: int
    function: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} in {self.function}"


def place_of_error(error: BaseException, spec_dir: Path) -> Place | None:
    """Where in the environment's code `error` was raised; None when no such frame is in its traceback."""
    frames = [Place(f.filename, f.lineno or 0, f.name) for f in reversed(traceback.extract_tb(error.__traceback__))]
    if isinstance(error, SyntaxError) and error.filename:
        frames.insert(0, Place(error.filename, error.lineno or 0, "import"))
    if isinstance(error, RecursionError) and len(frames) > 1:
        frames = frames[1:]  # the innermost call had not begun: the line that makes it says more
    return _choose(frames, spec_dir)


def outermost_call(error: BaseException) -> str:
    """The first function of the environment's code on the way to `error`; empty when there is none."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not _is_ours(f.filename)]
    own = [frame for frame in frames if "site-packages" not in frame.filename]
    return next((frame.name for frame in own or frames), "")


def own_places(error: BaseException, most: int = 4) -> list[str]:
    """Where scoper's own code stood when `error` was raised, "module.py:line in function", the innermost first."""
    frames = [f for f in reversed(traceback.extract_tb(error.__traceback__)) if _is_ours(f.filename)]
    return [f"{Path(f.filename).name}:{f.lineno} in {f.name}" for f in frames[:most]]


def said_by(error: BaseException, length: int = 200) -> str:
    """The error's kind and text in one clean line; its kind alone where it says nothing, or cannot."""
    kind = type(error).__name__
    try:
        text = shown(str(error), length)
    except Exception:
        return kind
    return f"{kind}: {text}" if text else kind


def place_in_dump(log: str, spec_dir: Path) -> Place | None:
    """Where the environment's code stood according to the last dump of `faulthandler` in `log`."""
    threads = re.split(r"^(?:Current thread|Thread) 0x", log, flags=re.MULTILINE)[1:]
    stacks = [[Place(m["file"], int(m["line"]), m["function"]) for m in _FRAME.finditer(dump)] for dump in threads]
    stacks.sort(key=lambda frames: any(frame.function == "measure" for frame in frames), reverse=True)
    places = (_choose(frames, spec_dir) for frames in stacks)
    return next((place for place in places if place), None)


def _choose(innermost_first: Iterable[Place], spec_dir: Path) -> Place | None:
    frames = [frame for frame in innermost_first if not _is_ours(frame.file)]
    own = [frame for frame in frames if "site-packages" not in frame.file]
    chosen = (own or frames)[:1]
    return Place(shorten(chosen[0].file, spec_dir), chosen[0].line, chosen[0].function) if chosen else None


def shorten(file: str, spec_dir: Path) -> str:
    """`file` relative to the spec's folder or site-packages, otherwise only its name."""
    path = Path(file)
    try:
        return path.resolve().relative_to(spec_dir.resolve()).as_posix()
    except ValueError:
        pass
    _, found, tail = path.as_posix().rpartition("site-packages/")
    return tail if found else path.name


@lru_cache(maxsize=4096)
def is_foreign(file: str) -> bool:
    """Whether `file` is neither of the standard library, nor of scoper, nor of a library that environments use."""
    return not _is_ours(file) and not any(f"site-packages/{name}/" in file for name in _LIBRARIES)


def _is_ours(file: str) -> bool:
    path = Path(file)
    if file.startswith("<"):
        return True
    if "site-packages" in path.parts and _SCOPER not in path.parents:
        return False
    return _under(path, (_SCOPER, *_STDLIB))


def _under(path: Path, roots: Iterable[Path]) -> bool:
    resolved = path.resolve()
    return any(root in resolved.parents for root in roots)
