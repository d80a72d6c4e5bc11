"""The inner loops as machine code: numba, loaded and cached when the first of them is asked for.

The functions of `kernels` and `policy_kernels` stay plain; here each gets a compiled twin whose callees are compiled
twins too. The cache on disk is left out where no folder can be written. Without numba `kernels` is None.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scoper.numerics.learning import kernels as plain
from scoper.numerics.learning import policy_kernels

Kernel = Callable[..., Any]
_VALUE_ORDER = (
    "uniform", "exp_of", "log_of", "best_of", "confident_of", "softmax_into", "drawn_from", "choose", "expected",
    "drawn", "begin", "paid", "remembered", "value_block",
)  # fmt: skip
_POLICY_ORDER = ("scale_after", "step_of", "finish", "policy_block")


@dataclass(frozen=True)
class Compiled:
    """Compiled twins of what `kernels` and `policy_kernels` define."""

    value_block: Kernel
    policy_block: Kernel
    choose: Kernel
    expected: Kernel
    best_of: Kernel


@functools.cache
def compiled() -> Compiled | None:
    """The compiled loops, or None where numba cannot be loaded. Compiling takes seconds once, loading 0.2 s later."""
    try:
        import numba
    except ImportError:
        return None
    space = dict(vars(plain))
    _twins(numba, plain, _VALUE_ORDER, space)
    policies = {**vars(policy_kernels), **{name: space[name] for name in _VALUE_ORDER}}
    _twins(numba, policy_kernels, _POLICY_ORDER, policies)
    return Compiled(
        value_block=space["value_block"],
        policy_block=policies["policy_block"],
        choose=space["choose"],
        expected=space["expected"],
        best_of=space["best_of"],
    )


def _twins(numba: Any, module: types.ModuleType, order: tuple[str, ...], space: dict[str, Any]) -> None:
    """Compiled twins of the module's functions into `space`, in an `order` that defines callees first."""
    for name in order:
        function = getattr(module, name)
        twin = types.FunctionType(function.__code__, space, name, function.__defaults__)
        twin.__module__, twin.__qualname__ = module.__name__, name
        space[name] = _jitted(numba, twin)


def _jitted(numba: Any, function: Callable[..., Any]) -> Any:
    try:
        return numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder for the cache can be written
        return numba.njit(nogil=True)(function)
