"""Names for all keys: every binding has an id, `screen.action`, by which a keymap can move it to another key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib import import_module

from textual.binding import Binding, BindingType

MODULES = (
    *("app", "base", "dialogs", "interview", "review", "verdict", "spec", "probe", "report", "welcome"),
    *("jump", "why", "help", "traces", "offers", "compare"),
)


def named(scope: str, bindings: Iterable[BindingType]) -> list[BindingType]:
    """The bindings with ids made of `scope` and their actions: `interview.undo`, `interview.choose_1`."""
    found: list[BindingType] = []
    for binding in bindings:
        one = binding if isinstance(binding, Binding) else Binding(*binding)
        found.append(one if one.id else replace(one, id=f"{scope}.{_spelled(one.action)}"))
    return found


def ids(modules: Sequence[str] = MODULES) -> frozenset[str]:
    """The ids of all bindings of the interface."""
    found: set[str] = set()
    for name in modules:
        for value in vars(import_module(f"scoper.interfaces.tui.{name}")).values():
            bindings = value.__dict__.get("BINDINGS", ()) if isinstance(value, type) else ()
            found |= {binding.id for binding in bindings if isinstance(binding, Binding) and binding.id}
    return frozenset(found)


def _spelled(action: str) -> str:
    return "_".join(re.findall(r"\w+", action))
