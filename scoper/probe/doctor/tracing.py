"""Which line of the environment's own code was the last, the slow, or the guilty one.

Tracing tells where the environment's `step` and `reset` returned; a thread looks at what takes long; a trace of every
line finds the one after which something was different.
"""

from __future__ import annotations

import inspect
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from types import CodeType, FrameType, TracebackType
from typing import Any

import numpy as np

from scoper.probe.places import Place, is_foreign

_LOOK_S, _LONG_S = 0.01, 0.04


def definition(env: Any, method: str) -> Place | None:
    """Where the environment's own class defines `method`."""
    code = _code(env, method)
    return None if code is None or not is_foreign(code.co_filename) else _place(code, code.co_firstlineno)


def class_line(env: Any) -> Place | None:
    """Where the environment's class begins."""
    kind = type(getattr(env, "unwrapped", env))
    try:
        file, line = inspect.getsourcefile(kind), inspect.getsourcelines(kind)[1]
    except (OSError, TypeError):
        return None
    return Place(file, line, kind.__name__) if file and is_foreign(file) else None


def _code(env: Any, method: str) -> CodeType | None:
    function = inspect.unwrap(getattr(type(getattr(env, "unwrapped", env)), method, None) or (lambda: None))
    code = getattr(function, "__code__", None)
    return code if isinstance(code, CodeType) else None


def _place(code: CodeType, line: int) -> Place:
    return Place(code.co_filename, line, code.co_name)


class Returns:
    """While entered: remembers from which line of the environment's own `step` or `reset` the last answer came."""

    def __init__(self, env: Any) -> None:
        codes = (_code(env, "step"), _code(env, "reset"))
        self._codes = {code for code in codes if code is not None and is_foreign(code.co_filename)}
        self.last: Place | None = None
        self._before: Any = None

    def __enter__(self) -> Returns:
        self._before = sys.gettrace()
        if self._codes:
            sys.settrace(self._called)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        sys.settrace(self._before)

    def _called(self, frame: FrameType, event: str, argument: Any) -> Any:
        if frame.f_code not in self._codes:
            return None
        frame.f_trace_lines = False
        return self._returned

    def _returned(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event == "return":
            self.last = _place(frame.f_code, frame.f_lineno)
        return self._returned


def line_that_changes(probe: Callable[[], Any], action: Callable[[], Any]) -> Place | None:
    """The foreign line after which `probe()` first gave something else while `action()` ran; None when none did."""
    state: dict[str, Any] = {"value": probe(), "line": None, "found": None}

    def look(frame: FrameType, event: str, argument: Any) -> Any:
        if state["found"] is None and (value := probe()) != state["value"]:
            state["found"], state["value"] = state["line"], value
        if event in ("line", "call"):
            state["line"] = _place(frame.f_code, frame.f_lineno)
        return look

    def called(frame: FrameType, event: str, argument: Any) -> Any:
        if not is_foreign(frame.f_code.co_filename) or "site-packages" in frame.f_code.co_filename:
            return None
        return look(frame, event, argument)

    before = sys.gettrace()
    sys.settrace(called)
    try:
        action()
    finally:
        sys.settrace(before)
    found = state["found"] or (state["line"] if probe() != state["value"] else None)
    return found if isinstance(found, Place) else None


def global_generators() -> tuple[Any, ...]:
    """The state of numpy's and of Python's global generator, and of torch's where it is loaded, to compare."""
    name, key, position, *rest = np.random.get_state()  # noqa: NPY002 - it is the global one that is watched
    torch = sys.modules.get("torch")
    of_torch = torch.random.get_rng_state().numpy().tobytes() if torch is not None else b""
    return name, bytes(np.asarray(key)[:4].tobytes()), position, tuple(rest), hash(random.getstate()), hash(of_torch)


def disturb_global_generators() -> None:
    """Draw once from each, so that seeding one as it was seeded before changes it."""
    np.random.random()  # noqa: NPY002 - so that seeding it once more changes it
    random.random()
    if (torch := sys.modules.get("torch")) is not None:
        torch.rand(1)


class SlowLines:
    """A thread that notes where the main thread stands when a call of the environment takes long."""

    def __init__(self) -> None:
        self._main = threading.main_thread().ident
        self._since: float | None = None
        self._over = threading.Event()
        self._seen: Counter[Place] = Counter()

    def __enter__(self) -> SlowLines:
        threading.Thread(target=self._look, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._over.set()

    def begin(self) -> float:
        """A call begins; its time."""
        self._since = time.perf_counter()
        return self._since

    def end(self) -> None:
        """The call is over."""
        self._since = None

    def place(self) -> Place | None:
        """Where most of the slow time went."""
        return self._seen.most_common(1)[0][0] if self._seen else None

    def _look(self) -> None:
        while not self._over.wait(_LOOK_S):
            since = self._since
            if since is None or time.perf_counter() - since < _LONG_S:
                continue
            frame = sys._current_frames().get(self._main or 0)
            while frame is not None:
                if is_foreign(frame.f_code.co_filename):
                    self._seen[_place(frame.f_code, frame.f_lineno)] += 1
                    break
                frame = frame.f_back
