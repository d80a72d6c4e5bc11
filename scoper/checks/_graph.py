"""A workflow as a graph: what a small YAML file says of its steps, tools and limits, read with all mistakes at once.

    scoper_workflow: 1
    start: read
    limits: {steps: 40}                       # a budget of the whole run, optional
    context: {notes: {merge: append}}         # keys that several steps may write at once
    tools:
      inbox: {effect: read, private: yes, untrusted: yes}
      send:  {effect: irreversible, outbound: yes}
    steps:
      read:  {kind: tool, tool: inbox, writes: [mail], next: draft}
      draft: {kind: model, reads: [mail], writes: [answer], next: {good: approve, unsure: end}}
      approve: {kind: human, reads: [answer], next: send_it}
      send_it: {kind: tool, tool: send, reads: [answer], next: end}

`next` is one step, a list of steps that all run at once, or a mapping of cases to steps of which one runs; `end`, or no
`next` at all, ends the path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from scoper.checks import Document
from scoper.domain.tree import Asker, Tree
from scoper.errors import did_you_mean

END = "end"
MOST_STEPS = 500
Kind = Literal["model", "agent", "tool", "check", "human", "code"]
KINDS = ("model", "agent", "tool", "check", "human", "code")
EFFECTS = ("none", "read", "write", "irreversible")
_TOP = ("scoper_workflow", "name", "summary", "start", "limits", "context", "tools", "steps")
_TOOL = ("effect", "private", "untrusted", "outbound", "approval", "undo", "note")
_STEP = (
    "kind", "tool", "tools", "next", "reads", "writes", "waits_for", "calls", "locks", "budget", "gate", "parallel",
    "untrusted", "private", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Tool:
    """effect: what using it does to the world. approval: each use is agreed to by a person; undo: it can be undone."""

    name: str
    effect: str = "read"
    private: bool = False
    untrusted: bool = False
    outbound: bool = False
    approval: bool = False
    undo: bool = False

    @property
    def acts(self) -> bool:
        """Whether it changes something or sends something out."""
        return self.effect in ("write", "irreversible") or self.outbound


@dataclass(frozen=True)
class Step:
    """One step. branches: the sets of steps that follow, of which one is chosen; all steps of a set run at once.

    reads and writes: keys of the shared context, None where the file does not say. waits_for: steps that must have
    ended before; calls: steps that it runs and waits for; locks: what it holds until it ends, in order. copies: whether
    several of it run at once.
    """

    name: str
    kind: Kind
    at: Tree
    tools: tuple[Tool, ...] = ()
    branches: tuple[tuple[str, ...], ...] = ()
    reads: frozenset[str] | None = None
    writes: frozenset[str] | None = None
    waits_for: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    locks: tuple[str, ...] = ()
    budget: bool = False
    gate: bool = False
    copies: bool = False
    untrusted: bool = False
    private: bool = False

    @property
    def next(self) -> tuple[str, ...]:
        """Every step that can follow, those that it calls included."""
        return tuple(dict.fromkeys(name for branch in (*self.branches, self.calls) for name in branch))

    @property
    def generates(self) -> bool:
        """Whether a language model writes its result."""
        return self.kind in ("model", "agent")

    @property
    def ends(self) -> bool:
        """Whether the path can end here."""
        return not self.branches or any(not branch for branch in self.branches)


@dataclass(frozen=True)
class Workflow:
    """Steps by name in the order of the file; bounded: the whole run has a budget of steps, time or money.

    The fields that are not compared keep what was worked out once.
    """

    source: str
    name: str
    start: str
    steps: Mapping[str, Step]
    bounded: bool
    merged: frozenset[str] = frozenset()
    _reach: dict[str, frozenset[str]] = field(default_factory=dict, compare=False)
    _before: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    _ahead: dict[str, frozenset[str]] = field(default_factory=dict, compare=False)
    pairs: list[tuple[str, str]] = field(default_factory=list, compare=False)

    def reach(self, name: str) -> frozenset[str]:
        """The steps that can run after a step, itself only if it is on a loop."""
        if name not in self._reach:
            self._reach[name] = frozenset(closure(self.steps[name].next, lambda at: self.steps[at].next))
        return self._reach[name]

    def before(self, name: str) -> tuple[str, ...]:
        """The steps that lead to a step."""
        if not self._before:
            self._before.update({step: () for step in self.steps})
            for other, step in self.steps.items():
                for after in dict.fromkeys(step.next):
                    self._before[after] += (other,)
        return self._before[name]

    def ahead(self, name: str) -> frozenset[str]:
        """The steps that every path from the start to a step that can run goes through, itself left out."""
        if not self._ahead:
            order = [step for step in self.steps if step in self.reached]
            found = {step: frozenset(order) for step in order} | {self.start: frozenset({self.start})}
            changed = True
            while changed:
                changed = False
                for step in order:
                    befores = [found[other] for other in self.before(step) if other in found]
                    if step != self.start and (now := frozenset.intersection(*befores) | {step}) != found[step]:
                        found[step], changed = now, True
            self._ahead.update({step: passed - {step} for step, passed in found.items()})
        return self._ahead[name]

    @property
    def reached(self) -> frozenset[str]:
        """The steps that can run at all."""
        return self.reach(self.start) | {self.start}


def closure(start: Iterable[str], following: Callable[[str], Iterable[str]]) -> set[str]:
    """The names of `start` and all that can be come to from them, one `following` after the other."""
    seen: set[str] = set()
    stack = list(start)
    while stack:
        at = stack.pop()
        if at not in seen:
            seen.add(at)
            stack += following(at)
    return seen


def read_workflow(document: Document) -> Workflow:
    """The workflow of a document; raises InputError with every mistake in file order."""
    ask = Asker(document.source, "workflow")
    top = ask.mapping(document.root, _TOP, ("scoper_workflow", "start", "steps"))
    if "scoper_workflow" in top and top["scoper_workflow"].value != 1:
        ask.add(top["scoper_workflow"], "the format of this file is not 1", "scoper_workflow: 1")
    tools = {name: _tool(ask, name, value) for name, _, value in ask.named(top.get("tools"))}
    entries = ask.named(top.get("steps"))
    if "steps" in top and not entries:
        ask.add(top["steps"], "there is no step")
    if len(entries) > MOST_STEPS:
        ask.add(top["steps"], f"{len(entries):,} steps, the most is {MOST_STEPS}", "check its parts one by one")
        ask.stop()
    names = [name for name, _, _ in entries]
    steps = {name: _step(ask, name, key, value, tools, names) for name, key, value in entries}
    for name, key, _ in entries:
        if name == END:
            ask.add(key, "'end' is no name for a step: it ends the path")
    start = ask.text(top.get("start"))
    if "start" in top and start not in steps:
        ask.add(top["start"], f"there is no step '{start}'", did_you_mean(start, names))
    limits = ask.mapping(top.get("limits"), ("steps", "seconds", "tokens", "cost"))
    bounded = any(ask.number(value, 0.0) > 0 for value in limits.values())
    merged = frozenset(name for name, _, value in ask.named(top.get("context")) if _merges(ask, value))
    ask.stop()
    return Workflow(document.source, ask.text(top.get("name"), "workflow"), start, steps, bounded, merged)


def _merges(ask: Asker, value: Tree) -> bool:
    entry = ask.mapping(value, ("merge", "note"))
    return ask.choice(entry.get("merge"), ("none", "append", "union", "locked", "last"), "none") in (
        "append", "union", "locked",
    )  # fmt: skip


def _tool(ask: Asker, name: str, value: Tree) -> Tool:
    entry = ask.mapping(value, _TOOL, ("effect",))
    flags = {flag: ask.flag(entry.get(flag)) for flag in ("private", "untrusted", "outbound", "approval", "undo")}
    return Tool(name, ask.choice(entry.get("effect"), EFFECTS, "read"), **flags)


def _step(ask: Asker, name: str, key: Tree, value: Tree, tools: Mapping[str, Tool], names: list[str]) -> Step:
    entry = ask.mapping(value, _STEP, ("kind",))
    kind = ask.choice(entry.get("kind"), KINDS, "code")
    used = _tools_of(ask, entry, tools)
    if kind == "tool" and not entry.get("tool"):
        ask.add(key, f"the step '{name}' is of kind tool and names none", "tool: NAME")
    locks = tuple(word for word, _ in ask.words(entry.get("locks")))
    return Step(
        name,
        kind,  # type: ignore[arg-type]
        key,
        used,
        _branches(ask, entry.get("next"), names),
        _keys(ask, entry.get("reads")),
        _keys(ask, entry.get("writes")),
        _steps_of(ask, entry.get("waits_for"), names),
        _steps_of(ask, entry.get("calls"), names),
        locks,
        ask.number(entry.get("budget"), 0.0) > 0,
        ask.flag(entry.get("gate"), kind == "human"),
        ask.number(entry.get("parallel"), 1.0) > 1,
        ask.flag(entry.get("untrusted")),
        ask.flag(entry.get("private")),
    )


def _tools_of(ask: Asker, entry: Mapping[str, Tree], tools: Mapping[str, Tool]) -> tuple[Tool, ...]:
    found = []
    for key in ("tool", "tools"):
        for word, at in ask.words(entry.get(key)):
            if word in tools:
                found.append(tools[word])
            else:
                ask.add(at, f"there is no tool '{word}'", did_you_mean(word, tools) if tools else "add it to tools")
    return tuple(found)


def _keys(ask: Asker, at: Tree | None) -> frozenset[str] | None:
    return None if at is None else frozenset(word for word, _ in ask.words(at))


def _steps_of(ask: Asker, at: Tree | None, names: list[str], *, end: bool = False) -> tuple[str, ...]:
    found = []
    for word, place in ask.words(at):
        if word in names:
            found.append(word)
        elif not (end and word == END):
            ask.add(place, f"there is no step '{word}'", did_you_mean(word, [*names, END] if end else names))
    return tuple(found)


def _branches(ask: Asker, at: Tree | None, names: list[str]) -> tuple[tuple[str, ...], ...]:
    if at is None:
        return ()
    if at.kind == "mapping":
        return tuple(_steps_of(ask, value, names, end=True) for _, _, value in at.items)
    return (_steps_of(ask, at, names, end=True),)
