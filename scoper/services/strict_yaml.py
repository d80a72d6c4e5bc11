"""YAML without its traps: one small document in, a tree of placed nodes out, or every problem at once.

Works on PyYAML's parser events; no constructor of PyYAML is used, so nothing is ever executed, expanded or guessed.
Refused: anchors, aliases, tags, directives, several documents, duplicate keys, keys that are not plain text,
merge-conflict markers, control characters, more than 1 MiB, 24 levels or 50,000 values. What the keys and values mean
is for the callers to check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from scoper.errors import InputError, Problem, StorageError, did_you_mean, nearest
from scoper.services.yaml_nodes import Node, to_python
from scoper.services.yaml_reader import Reader

__all__ = ["Node", "examine", "parse", "read_text", "to_python"]

MAX_BYTES = 1_048_576
# Texts up to this length are kept with their trees: the rules, which every command of a session reads again.
_KEPT_CHARS = 16_384
_PIPE_WAIT_S = 2.0

# All but YAML's printable set; NEL, LS, PS too (YAML 1.1 takes them for line ends, editors do not) and the byte order
# mark. The forbidden ones are listed, not the others: that compiles in a tenth of the time.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7})(?=[ \r\n]|\Z)", re.MULTILINE)
_CONFLICT_SIGNS = ("<" * 7, ">" * 7, "|" * 7)
# A line end as the parser counts it, so that line numbers agree.
_LINE_END = re.compile("\r\n|[\r\n]")


def parse(text: str, source: str) -> Node:
    """The tree of the one document in `text`; `source` names it in messages.

    Raises InputError with all problems in file order; no text whatever raises anything else.
    """
    return _parsed_once(text, source) if len(text) <= _KEPT_CHARS else _parsed(text, source)


def _parsed(text: str, source: str) -> Node:
    root, problems = examine(text, source)
    if problems or root is None:
        raise InputError(problems)
    return root


# Nodes are tuples all through: whoever shares one cannot change it. Failures are not kept.
_parsed_once = lru_cache(maxsize=1024)(_parsed)


def examine(text: str, source: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """The tree as far as there is one, and all problems in file order.

    For validators that want to add their own problems to those of the syntax; None when the text could not be read on.
    """
    shift = 1 if text.startswith("\ufeff") else 0
    body = text[shift:]
    problems = _preliminary(body, source)
    if problems:
        return None, tuple(problems)
    reader = Reader(body, source, shift)
    root = reader.read()
    return root, tuple(sorted(reader.problems, key=lambda problem: (problem.line, problem.column)))


def read_text(path: Path, limit_bytes: int = MAX_BYTES) -> str:
    """The text of a UTF-8 file, byte for byte (line ends are kept, a byte order mark too).

    Raises InputError when the file is missing, a folder, too large or not UTF-8 (with the place of the first bad byte),
    StorageError when reading fails for another reason.
    """
    source = str(path)
    try:
        data = _bytes_of(path, limit_bytes + 1)
    except FileNotFoundError:
        raise InputError(Problem("file-missing", "there is no such file", source, remedy=_neighbour(path))) from None
    except IsADirectoryError:
        raise InputError(Problem("file-is-folder", "this is a folder, not a file", source)) from None
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or str(error)
        raise StorageError(Problem("file-unreadable", f"cannot be read: {cause}", source)) from error
    if len(data) > limit_bytes:
        raise InputError(Problem("yaml-too-large", f"the file is larger than {limit_bytes:,} bytes", source))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(_not_utf8(data, error.start, source)) from None


def _bytes_of(path: Path, most: int) -> bytes:
    """The first bytes of a file; of a pipe only if somebody writes into it, as opening it would wait for ever."""
    if not path.is_fifo():
        with path.open("rb") as file:
            return file.read(most)
    import os
    import select

    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:  # noqa: PTH123
        if not select.select([file], [], [], _PIPE_WAIT_S)[0]:
            message = f"nobody wrote into this pipe for {_PIPE_WAIT_S:g} s"
            raise InputError(Problem("file-is-pipe", message, str(path), remedy="name a file"))
        os.set_blocking(file.fileno(), True)
        return file.read(most)


def _neighbour(path: Path) -> str:
    """A remedy naming a file of the same folder whose name is close to the missing one's, or the example to copy."""
    from scoper.services.library import data_path

    example = path.name.removesuffix(".yaml").removesuffix(".mdp")
    if path.parent.name == "examples" and data_path("examples", f"{example}.yaml").is_file():
        return f"it comes with scoper: `scoper init FOLDER --example {example}` copies it"
    try:
        names = [entry.name for _, entry in zip(range(1000), path.parent.iterdir(), strict=False)]
    except OSError:
        return ""
    close = [name for name in names if nearest(_stem(path.name), (_stem(name),))]  # endings alone make any two alike
    return did_you_mean(path.name, close) if nearest(path.name, close) else ""


def _stem(name: str) -> str:
    return name.partition(".")[0]


def _not_utf8(data: bytes, start: int, source: str) -> Problem:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Problem("not-utf8", "the file is UTF-16, not UTF-8", source, 1, 1, "save it as UTF-8")
    before = data[:start].decode("utf-8").removeprefix("\ufeff")
    message = f"the byte 0x{data[start]:02x} is not valid UTF-8"
    return Problem("not-utf8", message, source, *_line_column(before, len(before)), "save the file as UTF-8")


def _line_column(text: str, index: int) -> tuple[int, int]:
    line, begin = 1, 0
    for match in _LINE_END.finditer(text, 0, index):
        line, begin = line + 1, match.end()
    return line, index - begin + 1


def _preliminary(body: str, source: str) -> list[Problem]:
    """What can be seen without parsing; nothing else is looked at when there is any of it."""
    if len(body) > MAX_BYTES:
        return [Problem("yaml-too-large", f"the text is larger than {MAX_BYTES:,} bytes", source)]
    if body.replace("\n", "").isprintable() and not any(sign in body for sign in _CONFLICT_SIGNS):
        return []  # nearly always; what can be printed holds nothing forbidden, and a search takes ten times as long
    problems = []
    for match in _first(_FORBIDDEN.finditer(body), 20):
        message = f"the control character U+{ord(match[0]):04X} is not allowed"
        place = _line_column(body, match.start())
        problems.append(
            Problem("yaml-control-character", message, source, *place, "delete it, or write it as an escape")
        )
    for match in _first(_CONFLICT.finditer(body), 20):
        place = _line_column(body, match.start())
        message = f"a merge-conflict marker '{match[0]}' was left in the file"
        problems.append(
            Problem("yaml-merge-conflict", message, source, *place, "keep one version and delete the markers")
        )
    return sorted(problems, key=lambda problem: (problem.line, problem.column))


def _first(matches: Iterator[re.Match[str]], count: int) -> Iterator[re.Match[str]]:
    return (match for _, match in zip(range(count), matches, strict=False))
