"""Names for all keys: every binding has an id, `screen.action`, by which a keymap can move it to another key.

A text that names a key holds the id in braces; `told` puts in the key that it has now.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib import import_module

from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.keys import format_key

MODULES = (
    *("app", "base", "dialogs", "interview", "review", "verdict", "spec", "probe", "report", "welcome"),
    *("jump", "why", "help", "traces", "offers", "compare", "parts"),
)

_NAMED = re.compile(r"\{([a-z_]+\.\w+)\}")
_FUNCTION = re.compile(r"f\d+$")
_CALLED = {
    "escape": "Escape",
    "enter": "Enter",
    "space": "Space",
    "pagedown": "Page down",
    "pageup": "Page up",
    "backspace": "Backspace",
    "delete": "Delete",
}


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


def bound(node: DOMNode, name: str) -> Binding | None:
    """The binding `name` of `node`, or of what it stands in, with the key it has now; None when it has none."""
    keymap = node.app._keymap
    for above in node.ancestors_with_self:
        bindings = above._bindings
        if keymap:
            bindings = bindings.copy()
            bindings.apply_keymap(keymap)
        found = next((binding for _, binding in bindings if binding.id == name), None)
        if found is not None:
            return found
    return None


def cap(node: DOMNode, name: str) -> str:
    """What is written on the key that a binding has now; empty when it has none."""
    binding = bound(node, name)
    return called(binding.key) if binding is not None else ""


def called(key: str) -> str:
    """A key as a sentence names it: `Ctrl+E`, `Escape`, `F1`, `?`, `u`."""
    *held, last = key.split("+")
    last = _CALLED.get(last) or format_key(last)
    return "+".join([*(each.capitalize() for each in held), last.upper() if held or _FUNCTION.match(last) else last])


def told(node: DOMNode, text: str) -> str:
    """`text` with the keys that the bindings named in braces have now: `{offers.accept} accepts`."""
    return _NAMED.sub(lambda found: cap(node, found.group(1)) or "no key", text)


def _spelled(action: str) -> str:
    return "_".join(re.findall(r"\w+", action))
