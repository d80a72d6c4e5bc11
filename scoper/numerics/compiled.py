"""The compiled kernels, loaded on demand: numba takes 0.45 s to start, so small problems never ask for it.

Compiled code is cached beside the source, or where NUMBA_CACHE_DIR says. Without numba everything is solved by numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.util import find_spec
from types import FunctionType, SimpleNamespace
from typing import Any

from scoper.numerics import elimination, loops, ordering, residual

WORTHWHILE = 20_000
"""Transitions from which on the graph of an MDP takes numpy and Python longer than numba takes to start."""
_REFUSED: ContextVar[bool] = ContextVar("_REFUSED", default=False)
_SOURCES = (loops, elimination, ordering, residual)


def available() -> bool:
    """Whether numba can be imported."""
    return loaded() or find_spec("numba") is not None


def loaded() -> bool:
    """Whether the kernels are in memory already, so that even small problems may use them."""
    return kernels.cache_info().currsize > 0


@contextmanager
def refused(refuse: bool = True) -> Iterator[None]:
    """Within it `worthwhile` is never true, if `refuse` is."""
    token = _REFUSED.set(refuse)
    try:
        yield
    finally:
        _REFUSED.reset(token)


def worthwhile(transitions: int) -> bool:
    """Whether the compiled form of something that looks at so many transitions should be used."""
    return transitions >= WORTHWHILE and not _REFUSED.get() and available()


@cache
def kernels() -> Any:
    """Every function of the loop modules, compiled at its first call; single-threaded, without the interpreter lock."""
    import numba

    compile_: Callable[[Any], Any] = numba.njit(cache=True, nogil=True, fastmath={"contract"}, error_model="numpy")
    found = {
        name: compile_(function)
        for module in _SOURCES
        for name, function in vars(module).items()
        if isinstance(function, FunctionType) and function.__module__ == module.__name__
    }
    return SimpleNamespace(**found)
