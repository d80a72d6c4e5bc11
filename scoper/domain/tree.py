"""A YAML or JSON document as plain values that know their line and column; and asking it for what it must hold.

Values only. `Asker` collects every problem of a document, so that all of them are told at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from scoper.domain.text import shown
from scoper.errors import InputError, Problem, did_you_mean


@dataclass(frozen=True)
class Tree:
    """`value` is a text, number, truth value or None for a leaf; `items` belong to a mapping, `children` to a list."""

    kind: str
    value: Any
    line: int
    column: int
    items: tuple[tuple[str, Tree, Tree], ...] = ()
    children: tuple[Tree, ...] = ()

    def get(self, key: str) -> Tree | None:
        """The value under `key` of a mapping, None without one."""
        return next((value for name, _, value in self.items if name == key), None)

    def plain(self) -> Any:
        """Nested dicts, lists and leaves."""
        if self.kind == "mapping":
            return {name: value.plain() for name, _, value in self.items}
        return [child.plain() for child in self.children] if self.kind == "sequence" else self.value


@dataclass
class Asker:
    """Reads what a document must hold and keeps every problem with its place."""

    source: str
    code: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, at: Tree, message: str, remedy: str = "") -> None:
        """Keep a problem at a place."""
        self.problems.append(Problem(self.code, message, self.source, at.line, at.column, remedy))

    def mapping(self, at: Tree | None, allowed: Sequence[str], required: Sequence[str] = ()) -> dict[str, Tree]:
        """The entries of a mapping; unknown and missing keys are problems."""
        if at is None:
            return {}
        if at.kind != "mapping":
            self.add(at, "a mapping of names to values belongs here", f"allowed: {', '.join(allowed)}")
            return {}
        for name, key, _ in at.items:
            if name not in allowed:
                self.add(key, f"'{shown(name, 40)}' is not known here", did_you_mean(name, allowed))
        for name in required:
            if at.get(name) is None:
                self.add(at, f"'{name}' is missing here")
        return {name: value for name, _, value in at.items if name in allowed}

    def named(self, at: Tree | None) -> list[tuple[str, Tree, Tree]]:
        """(name, place of the name, value) of a mapping with names of the user's own."""
        if at is None:
            return []
        if at.kind != "mapping":
            self.add(at, "a mapping of names of your own belongs here")
            return []
        return list(at.items)

    def text(self, at: Tree | None, default: str = "") -> str:
        """A text or number as text."""
        if at is None:
            return default
        if at.kind != "scalar" or at.value is None:
            self.add(at, "a text belongs here")
            return default
        return str(at.value)

    def words(self, at: Tree | None) -> list[tuple[str, Tree]]:
        """One text, or a list of them, each with its place."""
        if at is None:
            return []
        if at.kind == "sequence":
            return [(self.text(child), child) for child in at.children]
        return [(self.text(at), at)]

    def choice(self, at: Tree | None, allowed: Sequence[str], default: str) -> str:
        """One of the allowed words."""
        word = self.text(at, default)
        if at is not None and word not in allowed:
            self.add(at, f"'{shown(word, 40)}' is not allowed here", did_you_mean(word, allowed))
            return default
        return word

    def flag(self, at: Tree | None, default: bool = False) -> bool:
        """Yes or no."""
        if at is None:
            return default
        if isinstance(at.value, bool):
            return at.value
        return self.choice(at, ("yes", "no"), "yes" if default else "no") == "yes"

    def number(self, at: Tree | None, default: float, *, low: float = 0.0) -> float:
        """A finite number from `low` on."""
        if at is None:
            return default
        value = at.value
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value < float("inf"):
            self.add(at, f"'{shown(str(value), 40)}' is no number from {low:g} on")
            return default
        return float(value)

    def stop(self) -> None:
        """Raise InputError with all problems in file order, if there are any."""
        if self.problems:
            raise InputError(sorted(self.problems, key=lambda problem: (problem.line, problem.column)))
