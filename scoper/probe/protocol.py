"""Events as lines, and the child's talk as a short, clean log.

One event is one line of JSON. The reader takes bytes in any pieces and refuses a line that never ends; the log keeps
the end of what was written and counts the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from scoper.domain.probe import ProbeEvent
from scoper.domain.text import clean, shown

LINE_LIMIT = 8 * 1024 * 1024
LOG_LIMIT = 64 * 1024
WORDS = ConfigDict(ser_json_inf_nan="strings")
"""What is no finite number goes as a word, which JSON has and which becomes a number again."""
_EVENT: TypeAdapter[ProbeEvent] = TypeAdapter(ProbeEvent, config=WORDS)


class OutputFault(Exception):
    """What came through the private pipe is not an event."""


def encode(event: ProbeEvent) -> bytes:
    """The event as one line, whatever an environment or a plug-in put into it."""
    return line_of(_EVENT, event)


def line_of(adapter: TypeAdapter[Any], message: Any) -> bytes:
    """`message` as one line of JSON by an adapter made with `WORDS`; what has no JSON of its own is put into words."""
    try:
        return adapter.dump_json(message) + b"\n"
    except (PydanticSerializationError, UnicodeEncodeError):
        return adapter.dump_json(type(message).model_validate(_plain(message.model_dump()))) + b"\n"


def _plain(value: Any) -> Any:
    """The value in what JSON has: numpy's numbers and arrays as numbers and lists, anything else as clean text."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {clean(str(key)): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(entry) for entry in value]
    if isinstance(value, bool | int | float) or value is None:
        return value
    return clean(value if isinstance(value, str) else shown(repr(value)))


def decode(line: bytes) -> ProbeEvent:
    """The event on `line`; raises OutputFault when there is none."""
    try:
        return _EVENT.validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise OutputFault(f"a line that is no event ({first['msg']})") from None


class LineReader:
    """Cuts bytes into lines of at most `limit` bytes."""

    def __init__(self, limit: int = LINE_LIMIT) -> None:
        self._limit = limit
        self._partial = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that `data` completes; raises OutputFault when one grows beyond the limit."""
        self._partial += data
        if b"\n" not in data:
            lines = []
        else:
            *lines, rest = bytes(self._partial).split(b"\n")
            self._partial = bytearray(rest)
        if len(self._partial) > self._limit or any(len(line) > self._limit for line in lines):
            raise OutputFault(f"a line of more than {self._limit} bytes")
        return [line for line in lines if line]


class LogTail:
    """The last `limit` bytes of what the child wrote to its stdout and stderr."""

    def __init__(self, limit: int = LOG_LIMIT) -> None:
        self._limit = limit
        self._tail = bytearray()
        self._dropped = 0

    def feed(self, data: bytes) -> None:
        """Append `data`, forgetting the oldest bytes beyond the limit."""
        self._tail += data
        excess = len(self._tail) - self._limit
        if excess > 0:
            del self._tail[:excess]
            self._dropped += excess

    def text(self) -> str:
        """The tail as printable text; the first line says how much is missing."""
        body = clean(self._tail.decode("utf-8", "replace"))
        return f"[{self._dropped} bytes before this are not kept]\n{body}" if self._dropped else body
